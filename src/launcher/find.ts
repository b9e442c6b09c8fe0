import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { readFileIfThere } from '../files/read.ts';
import { type Content, known, later } from '../step/content.ts';
import type { Values } from '../step/input.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { hasDigest, refuseOtherDigest } from './download.ts';
import { refuseOtherMachine } from './executable.ts';
import type { releaseInputs, selfHostedInputs, sourceInputs } from './inputs.ts';
import { launcherName, machineOf } from './release.ts';
import { clientFor, keyRequestOf, releaseOf, sourceOf } from './resolve.ts';
import { fetchSelfHosted } from './self-hosted.ts';
import { findPromise } from './signed.ts';

export type LauncherValues = Values<typeof releaseInputs & typeof sourceInputs & typeof selfHostedInputs>;

/** The launcher as a plan may write it, and what there is to say about it. */
export type FoundLauncher = { readonly content: Content } & Pick<Plan, 'warnings' | 'facts'>;

/**
 * Finds out which bytes the launcher must have. They are fetched when the plan is applied, if they are not there already:
 * where they cannot be had, an existing launcher stays as it was.
 *
 * @param target where it will go
 * @throws UserError `SPACECTL_DIGEST_MISMATCH`, `SPACECTL_UNREACHABLE`, `SPACECTL_BAD_DATA`
 */
export async function findLauncher(values: LauncherValues, target: string, planner: Planner): Promise<FoundLauncher> {
  const promised = values.from === undefined ? officialLauncher : selfHostedLauncher;
  const { digest, origin, warnings, facts, fetch } = await promised(values, target, planner);
  const present = await readFileIfThere(target);
  const fetched = async () => {
    const bytes = await fetch();
    refuseOtherDigest(bytes, digest, origin);
    refuseOtherMachine(bytes, origin, machineOf(values.arch));
    return bytes;
  };
  return {
    content: present && hasDigest(present, digest) ? known(present) : later(fetched),
    warnings,
    facts: { file: path.resolve(target), origin, sha256: digest, ...facts },
  };
}

/** A launcher whose digest is known, and how to get it. */
interface Promised {
  readonly digest: string;
  readonly origin: string;
  readonly warnings: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
  fetch(): Promise<Buffer>;
}

/** Spacelift's own: signed checksums say what its bytes are. */
async function officialLauncher(values: LauncherValues, target: string, planner: Planner): Promise<Promised> {
  const release = await releaseOf(values, machineOf(values.arch));
  const name = launcherName(release);
  const client = clientFor(values);
  const source = sourceOf(release, values, client, planner.signal);
  planner.report(`Reading the signed checksums of ${name}`);
  const promise = await findPromise(release, source, keyRequestOf(values), client, planner.signal);
  const { digest, warnings, signedAt, fingerprint, keyExpiresAt } = promise;
  if (values.sha256 !== undefined && values.sha256 !== digest) throw notThatOne(name, digest, values.sha256);
  return {
    digest,
    origin: source.placeOf(name),
    warnings,
    facts: { ...release, fingerprint, signedAt, ...(keyExpiresAt && { keyExpiresAt }) },
    fetch: () => source.readLarge(name, digest, target),
  };
}

/** That of one's own installation: its digest is given. */
async function selfHostedLauncher(values: LauncherValues, target: string, { signal }: Planner): Promise<Promised> {
  const { from = '', sha256: digest, arch } = values;
  if (digest === undefined) {
    const message = 'Missing --sha256: nothing else vouches for a launcher given with --from';
    const suggestions = ['Take it where the file was made, not from where it is stored: sha256sum spacelift-launcher'];
    throw new UserError('SPACECTL_MISSING_INPUT', message, { suggestions });
  }
  // What follows the question mark of a presigned URL is a secret.
  const name = from.replace(/\?.*$/s, '');
  const fetch = () => fetchSelfHosted({ from, name, digest, target, client: clientFor(values), signal });
  return { digest, origin: name, warnings: [], facts: { arch: machineOf(arch) }, fetch };
}

function notThatOne(name: string, digest: string, wanted: string): UserError {
  return new UserError('SPACECTL_DIGEST_MISMATCH', `${name} is ${digest} today, not ${wanted}`, {
    suggestions: ['Spacelift keeps the newest launcher only; one you have kept yourself is given with --from FILE'],
  });
}
