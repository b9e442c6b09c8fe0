import { sha256 } from '../../../core/sha256.ts';
import { architectureOf, domainOf, type KeyState } from '../../../launcher/index.ts';
import { LAUNCHER, LAUNCHER_STATE } from '../../install/install-record.ts';
import { type HostReader, isReportable } from '../reader.ts';
import type { Context } from './context.ts';
import { readText } from './read-text.ts';

/** How an update ended: a word of the script that made it, and when. */
export interface UpdateResult {
  readonly result: string;
  readonly at: Date;
}

/** The installed launcher, and what its updates said. */
export interface LauncherFacts {
  /** `undefined` if it does not exist. */
  readonly found:
    | {
        readonly sha256: string;
        readonly modified: Date;
        readonly isForThisMachine: boolean;
        readonly isExecutable: boolean;
      }
    | undefined;
  /** The release that the update script refused at its last start, because a newer one had been seen. */
  readonly refused: { readonly signed: Date; readonly seen: Date } | undefined;
  readonly launcherUpdate: UpdateResult | undefined;
  readonly bundleUpdate: UpdateResult | undefined;
  readonly now: Date;
}

/** Names of this machine's architecture, as Node and the launcher name it. */
const MACHINES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** Reads the launcher and the state that its updates keep. */
export async function gatherLauncher({ reader }: Context): Promise<LauncherFacts> {
  const [bytes, entry] = [await reader.read(LAUNCHER).catch(() => undefined), await reader.entry(LAUNCHER)];
  return {
    found: bytes &&
      entry && {
        sha256: sha256(bytes),
        modified: entry.modified,
        isForThisMachine: architectureOf(bytes) === MACHINES[process.arch],
        isExecutable: (entry.mode & 0o111) !== 0,
      },
    refused: refusedRelease((await readText(reader, `${LAUNCHER_STATE}/refused`)) ?? ''),
    launcherUpdate: await readResult(reader, 'launcher-update'),
    bundleUpdate: await readResult(reader, 'bundle-update'),
    now: reader.now,
  };
}

/** Reads the state file of a refused release: the times at which it and the newest one were signed. */
export function refusedRelease(text: string): LauncherFacts['refused'] {
  const [, signed, seen] = /^(\d{1,12}) (\d{1,12})\n$/.exec(text) ?? [];
  const date = (seconds: string) => new Date(Number(seconds) * 1000);
  return signed === undefined || seen === undefined ? undefined : { signed: date(signed), seen: date(seen) };
}

/** Reads the result of an update: `SECONDS RESULT` on one line. */
async function readResult(reader: HostReader, name: string): Promise<UpdateResult | undefined> {
  const text = (await readText(reader, `${LAUNCHER_STATE}/${name}`)) ?? '';
  const [, seconds, result] = /^(\d{1,12}) ([a-z-]+)\n?$/.exec(text) ?? [];
  return seconds === undefined || result === undefined ? undefined : { result, at: new Date(Number(seconds) * 1000) };
}

/** The key that signs launchers; or that the key server returned another one. */
export type SigningKeyFacts =
  | (KeyState & { readonly isForeign: false; readonly now: Date })
  | { readonly isForeign: true; readonly problem: string };

/** Asks the key server about the key that signs launchers. */
export async function gatherSigningKey({ reader, installation }: Context): Promise<SigningKeyFacts> {
  try {
    return { ...(await reader.signingKey(installation.settings)), isForeign: false, now: reader.now };
  } catch (error) {
    if (!isReportable(error) || error.code !== 'SPACECTL_DIGEST_MISMATCH') throw error;
    return { isForeign: true, problem: error.message };
  }
}

/** The launcher that this host should have. */
export type WantedLauncher =
  | { readonly kind: 'pinned'; readonly sha256: string; readonly hasSource: boolean }
  | { readonly kind: 'newest'; readonly sha256: string; readonly signedAt: Date }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Finds the digest that the launcher should have: the pinned one, or that of Spacelift's newest. */
export async function gatherNewestLauncher({ reader, installation }: Context): Promise<WantedLauncher> {
  const { release, settings } = installation;
  if (!release) return { kind: 'unknown', reason: 'the launcher is not updated by this host' };
  if ('sha256' in release) return { kind: 'pinned', sha256: release.sha256, hasSource: release.from !== undefined };
  const { environment, domain = domainOf(environment) } = release;
  return { kind: 'newest', ...(await reader.newestLauncher({ environment, domain }, settings)) };
}
