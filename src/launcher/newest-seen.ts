import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { readFileIfExists } from '../files/read.ts';
import { stateFolder } from '../files/state.ts';
import { writeFileWhole } from '../files/write.ts';
import { launcherName, type Release } from './release.ts';

/** Returns this user's directory for the signing key and the newest signing times. */
export function launcherStateFolder(): string {
  return path.join(stateFolder(), 'launchers');
}

/** A verified release, by when it was signed. */
export interface SignedRelease {
  readonly release: Release;
  /** Of the key that signed it: what another key signed cannot be compared. */
  readonly fingerprint: string;
  readonly signedAt: Date;
  /** Where its checksums came from, for messages. */
  readonly origin: string;
}

/** Where the newest signing times are kept, and whether an older release is accepted. */
export interface DowngradeRules {
  /** Default: in this user's state directory. */
  readonly folder?: string | undefined;
  readonly isAllowed: boolean;
}

/**
 * Refuses a release that was signed earlier than the newest one seen before, and keeps the newest signing time. An old
 * release is genuine for ever: without this, who controls the download host or a mirror could bring back its known
 * vulnerabilities (The Update Framework, specification 1.5.2, "rollback attacks").
 *
 * @returns warnings: that the older release is accepted, or that the time cannot be read or kept
 * @throws UserError `SPACECTL_DIGEST_MISMATCH` for an older release that is not allowed
 */
export async function refuseDowngrade(
  { release, fingerprint, signedAt, origin }: SignedRelease,
  { folder = launcherStateFolder(), isAllowed }: DowngradeRules,
): Promise<readonly string[]> {
  const file = path.join(folder, `${fingerprint}-${release.domain}-${launcherName(release)}.signed`);
  const { seen, warnings } = await readSeen(file);
  if (seen && signedAt < seen) {
    const older = `${origin} was signed on ${format(signedAt)}, and a newer release was seen that was signed on ${format(seen)}`;
    if (isAllowed) return [...warnings, older];
    throw new UserError('SPACECTL_DIGEST_MISMATCH', older, {
      suggestions: [
        'Check the mirror or the proxy that answers: it may be out of date',
        'If Spacelift has withdrawn the newer release, pass --allow-downgrade',
      ],
    });
  }
  if (seen?.getTime() === signedAt.getTime()) return warnings;
  return [...warnings, ...(await writeSeen(file, signedAt))];
}

async function readSeen(file: string): Promise<{ seen?: Date; warnings: readonly string[] }> {
  try {
    const bytes = await readFileIfExists(file);
    if (!bytes) return { warnings: [] };
    // The format of the host's script too.
    const text = bytes.toString('latin1').trim();
    if (/^\d{1,12}$/.test(text)) return { seen: new Date(Number(text) * 1000), warnings: [] };
    return { warnings: [`${file} is damaged: spacectl cannot tell whether this release is older than the last one`] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { warnings: [error.message] };
  }
}

/** Keeps a signing time. A read-only home directory is no reason to fail, but worth a warning. */
async function writeSeen(file: string, signedAt: Date): Promise<readonly string[]> {
  try {
    const seconds = Buffer.from(`${Math.floor(signedAt.getTime() / 1000)}\n`);
    await writeFileWhole(file, seconds, { mode: 0o644, mayReplace: true });
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [`An older launcher would not be noticed next time: ${error.message}`];
  }
}

function format(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
