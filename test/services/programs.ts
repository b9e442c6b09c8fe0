import { accessSync, constants, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'vitest';

/** A right that a test needs on the machine, besides programs. */
export interface Right {
  /** What to do about it where it is missing. */
  readonly advice: string;
  isHeld(): boolean;
}

/** The test uses what only Linux has, such as /proc. */
export const LINUX: Right = { advice: 'needs Linux', isHeld: () => process.platform === 'linux' };

/** The test acts as root: it installs into a tree, or changes owners. */
export const ROOT: Right = { advice: 'needs root', isHeld: () => process.getuid?.() === 0 };

/** The test mounts file systems, or makes namespaces or networks of its own. Root in a container often may not. */
export const NAMESPACES: Right = {
  advice: 'needs root that may mount and make namespaces (CAP_SYS_ADMIN, CAP_NET_ADMIN)',
  isHeld: () => ROOT.isHeld() && hasCapability(CAP_SYS_ADMIN) && hasCapability(CAP_NET_ADMIN),
};

/** Numbers of capabilities in the kernel's include/uapi/linux/capability.h. */
const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;

function hasCapability(capability: bigint): boolean {
  try {
    const [, effective] = /^CapEff:\s+([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return ((BigInt(`0x${effective ?? '0'}`) >> capability) & 1n) === 1n;
  } catch {
    return false;
  }
}

/** Returns whether a program is on the `PATH`, or in the directories that only root's `PATH` has. */
export function isInstalled(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Returns `test` for cases that need programs or rights. Where one is missing, the cases are skipped with the reason in
 * their titles, and fail under `CI=true`, where nothing may be missing.
 */
export function testWith(...needs: readonly (string | Right)[]): typeof test {
  const reasons = reasonsAgainst(needs);
  if (reasons.length === 0) return test;
  const reason = reasons.join('; ');
  const fail = () => {
    throw new Error(reason);
  };
  const titled = (title: string) => `${title} [${reason}]`;
  const base = process.env['CI'] === 'true' ? test : test.skip;
  const stand = (title: string) => base(titled(title), fail);
  const each = (cases: readonly unknown[]) => (title: string) => base.each(cases)(titled(title), fail);
  return Object.assign(stand, { each }) as unknown as typeof test;
}

function reasonsAgainst(needs: readonly (string | Right)[]): readonly string[] {
  const missing = needs.filter((need) => typeof need === 'string' && !isInstalled(need));
  const rights = needs.filter((need) => typeof need !== 'string');
  const advice = new Set(rights.filter((right) => !right.isHeld()).map((right) => right.advice));
  return [...(missing.length > 0 ? [`needs ${missing.join(', ')}: run test/services/install.sh`] : []), ...advice];
}
