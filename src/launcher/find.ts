import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { readFileIfExists } from '../files/read.ts';
import { type Content, known, later, type Report } from '../step/content.ts';
import type { Values } from '../step/input.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { hasDigest, verifyDigest } from './download.ts';
import { verifyArchitecture } from './executable.ts';
import type { releaseInputs, selfHostedInputs, sourceInputs } from './inputs.ts';
import { refuseDowngrade } from './newest-seen.ts';
import { filesOf, launcherName, machineOf } from './release.ts';
import { clientFor, keyRequestOf, releaseOf, sourceOf } from './resolve.ts';
import { fetchSelfHosted } from './self-hosted.ts';
import { findSignedDigest } from './signed-digest.ts';

/** The inputs that select a launcher and its source. */
export type LauncherValues = Values<typeof releaseInputs & typeof sourceInputs & typeof selfHostedInputs>;

/** The launcher's content for a plan, with warnings and facts. */
export type FoundLauncher = { readonly content: Content } & Pick<Plan, 'warnings' | 'facts'>;

/**
 * Finds the digest that the launcher must have. The launcher itself is downloaded when the plan is applied, unless
 * `target` already has that digest. If the download fails, an existing launcher is left unchanged.
 *
 * @param target the path of the launcher
 * @param folder where the signing key and the newest signing time are kept; default: in this user's state directory
 * @throws UserError `SPACECTL_DIGEST_MISMATCH`, `SPACECTL_UNREACHABLE`, `SPACECTL_BAD_DATA`
 */
export async function findLauncher(
  values: LauncherValues,
  target: string,
  planner: Planner,
  folder?: string,
): Promise<FoundLauncher> {
  const { digest, origin, warnings, facts, fetch } =
    values.from === undefined
      ? await officialLauncher(values, target, planner, folder)
      : await selfHostedLauncher(values, target, planner);
  const installed = await readFileIfExists(target);
  const fetchVerified = async (report: Report) => {
    const bytes = await fetch(report);
    verifyDigest(bytes, digest, origin);
    verifyArchitecture(bytes, origin, machineOf(values.arch));
    return bytes;
  };
  return {
    content: installed && hasDigest(installed, digest) ? known(installed) : later(fetchVerified),
    warnings,
    facts: { file: path.resolve(target), origin, sha256: digest, ...facts },
  };
}

/** A launcher with a known digest, and how to fetch it. */
interface AvailableLauncher {
  readonly digest: string;
  readonly origin: string;
  readonly warnings: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
  fetch(report: Report): Promise<Buffer>;
}

/** Finds Spacelift's own launcher, whose digest is in the signed checksums. */
async function officialLauncher(
  values: LauncherValues,
  target: string,
  planner: Planner,
  folder: string | undefined,
): Promise<AvailableLauncher> {
  const release = await releaseOf(values, machineOf(values.arch));
  const name = launcherName(release);
  const client = clientFor(values);
  const source = sourceOf(release, values, client, planner.signal);
  planner.report(`Reading the signed checksums of ${name}`);
  const signed = await findSignedDigest(release, source, keyRequestOf(values, folder), client, planner.signal);
  const { digest, signedAt, fingerprint, keyExpiresAt } = signed;
  const seen = { release, fingerprint, signedAt, origin: source.locationOf(filesOf(release).sums) };
  const warnings = await refuseDowngrade(seen, { folder, isAllowed: values['allow-downgrade'] });
  if (values.sha256 !== undefined && values.sha256 !== digest) throw otherVersion(name, digest, values.sha256);
  return {
    digest,
    origin: source.locationOf(name),
    warnings: [...signed.warnings, ...warnings],
    facts: { ...release, fingerprint, signedAt, ...(keyExpiresAt && { keyExpiresAt }) },
    fetch: (report) => source.readLarge(name, digest, target, report),
  };
}

/** Finds the launcher of a self-hosted installation, whose digest the user passes. */
async function selfHostedLauncher(
  values: LauncherValues,
  target: string,
  { signal }: Planner,
): Promise<AvailableLauncher> {
  const { from = '', sha256: digest, arch } = values;
  if (digest === undefined) {
    const message = 'Missing --sha256: a launcher from --from has no signature to verify';
    const suggestions = [
      {
        text: 'Compute it where the launcher was built, not where it is stored',
        command: 'sha256sum spacelift-launcher',
      },
    ];
    throw new UserError('SPACECTL_MISSING_INPUT', message, { suggestions });
  }
  // The query of a presigned URL is a secret.
  const name = from.replace(/\?.*$/s, '');
  const fetch = (report: Report) =>
    fetchSelfHosted({ from, name, digest, target, client: clientFor(values), signal, report });
  return { digest, origin: name, warnings: [], facts: { arch: machineOf(arch) }, fetch };
}

function otherVersion(name: string, digest: string, wanted: string): UserError {
  return new UserError('SPACECTL_DIGEST_MISMATCH', `${name} currently has the SHA-256 ${digest}, not ${wanted}`, {
    suggestions: ['Spacelift offers only the newest launcher. To use one that you kept: --from FILE'],
  });
}
