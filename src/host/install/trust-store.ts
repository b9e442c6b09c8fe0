import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { runOrThrow } from '../programs.ts';
import { exists } from './install-record.ts';

/** A kind of trust store: where to put a CA certificate, and which program to run then. The installer supports the same two. */
interface TrustStore {
  readonly anchor: string;
  readonly program: string;
  /** Arguments that make the program drop removed certificates. */
  readonly rebuildArguments: readonly string[];
}

const STORES: readonly TrustStore[] = [
  {
    anchor: '/usr/local/share/ca-certificates/spacelift-custom-ca.crt',
    program: 'update-ca-certificates',
    rebuildArguments: ['--fresh'],
  },
  {
    anchor: '/etc/pki/ca-trust/source/anchors/spacelift-custom-ca.crt',
    program: 'update-ca-trust',
    rebuildArguments: [],
  },
];

/** Returns where this host, or the tree, expects additional CA certificates. @throws UserError `SPACECTL_PROGRAM_MISSING` */
export async function anchorIn(root: string | undefined): Promise<string> {
  for (const { anchor, program } of STORES) {
    for (const folder of ['/usr/sbin', '/usr/bin']) {
      if (await exists(path.posix.join(folder, program), root)) return anchor;
    }
  }
  throw new UserError(
    'SPACECTL_PROGRAM_MISSING',
    '--trust-on-host: neither update-ca-certificates nor update-ca-trust is installed',
    { suggestions: ['Install the package ca-certificates first'] },
  );
}

/** Updates the host's trust store if one of the added or removed files is in it. */
export function trustUpdate(
  {
    root,
    added = [],
    removed = [],
  }: { root: string | undefined; added?: readonly string[]; removed?: readonly string[] },
  { action }: Planner,
): readonly ActionChange[] {
  return STORES.filter(({ anchor }) => added.includes(anchor) || removed.includes(anchor)).map(
    ({ anchor, program, rebuildArguments }) =>
      action({
        title: `Run ${program}${root === undefined ? '' : ` in ${root}`}`,
        run(signal) {
          const args = removed.includes(anchor) ? rebuildArguments : [];
          if (root === undefined) return runOrThrow(program, args, signal);
          return runOrThrow('chroot', [path.resolve(root), program, ...args], signal);
        },
      }),
  );
}
