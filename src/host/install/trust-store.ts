import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { runOrThrow } from '../programs.ts';
import { isThere } from './install-record.ts';

/** The trust store of a host itself: where an authority is put, and what then has to run. The installer knows the same two. */
interface TrustStore {
  readonly anchor: string;
  readonly program: string;
  /** What makes it forget authorities that are gone. */
  readonly afresh: readonly string[];
}

const STORES: readonly TrustStore[] = [
  {
    anchor: '/usr/local/share/ca-certificates/spacelift-custom-ca.crt',
    program: 'update-ca-certificates',
    afresh: ['--fresh'],
  },
  { anchor: '/etc/pki/ca-trust/source/anchors/spacelift-custom-ca.crt', program: 'update-ca-trust', afresh: [] },
];

/** Where this host, or the tree, wants the company's certificates. @throws UserError `SPACECTL_PROGRAM_MISSING` */
export async function anchorIn(root: string | undefined): Promise<string> {
  for (const { anchor, program } of STORES) {
    for (const folder of ['/usr/sbin', '/usr/bin']) {
      if (await isThere(path.posix.join(folder, program), root)) return anchor;
    }
  }
  throw new UserError(
    'SPACECTL_PROGRAM_MISSING',
    '--trust-on-host: neither update-ca-certificates nor update-ca-trust is there',
    { suggestions: ['Install the package ca-certificates first'] },
  );
}

/** Has the host's trust store made anew, where any of the files that came or went is an authority in it. */
export function trustUpdate(
  { root, came = [], went = [] }: { root: string | undefined; came?: readonly string[]; went?: readonly string[] },
  { action }: Planner,
): readonly ActionChange[] {
  return STORES.filter(({ anchor }) => came.includes(anchor) || went.includes(anchor)).map(
    ({ anchor, program, afresh }) =>
      action({
        title: `Run ${program}${root === undefined ? '' : ` in ${root}`}`,
        run(signal) {
          const args = went.includes(anchor) ? afresh : [];
          if (root === undefined) return runOrThrow(program, args, signal);
          return runOrThrow('chroot', [path.resolve(root), program, ...args], signal);
        },
      }),
  );
}
