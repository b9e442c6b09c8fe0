import { type Architecture, ec2Architecture, refuseMismatch } from '../machines.ts';

/** The smallest instance type that a worker can do with. */
export function smallestFor(arch: Architecture): string {
  return arch === 'arm64' ? 't4g.small' : 't3.small';
}

/** @throws UserError `SPACECTL_BAD_INPUT` where the instance type is of another architecture than the one asked for */
export function refuseOtherArchitecture(given: {
  readonly arch: Architecture;
  readonly 'instance-type': string;
}): void {
  const type = given['instance-type'];
  const own = ec2Architecture(type);
  refuseMismatch(type, own, given.arch, `--arch ${own}, or --instance-type ${smallestFor(given.arch)}`);
}
