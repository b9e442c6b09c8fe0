import { rule } from '../../../step/rule.ts';
import { type Architecture, ec2Architecture, refuseMismatch } from '../machines.ts';

/** Returns the smallest instance type that suits a worker. */
export function smallestFor(arch: Architecture): string {
  return arch === 'arm64' ? 't4g.small' : 't3.small';
}

/** The instance type has the chosen architecture. */
export const sameArchitecture = rule(
  ['arch', 'instance-type'],
  (given: { readonly arch: Architecture; readonly 'instance-type': string }) => {
    const type = given['instance-type'];
    const own = ec2Architecture(type);
    refuseMismatch(type, own, given.arch, `Pass --arch ${own}, or --instance-type ${smallestFor(given.arch)}`);
  },
);
