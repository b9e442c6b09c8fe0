import { type Architecture, ec2Architecture, refuseMismatch } from '../machines.ts';

/** Returns the smallest instance type that suits a worker. */
export function smallestFor(arch: Architecture): string {
  return arch === 'arm64' ? 't4g.small' : 't3.small';
}

/** Refuses an instance type of another architecture than the chosen one. @throws UserError `SPACECTL_BAD_INPUT` */
export function refuseOtherArchitecture(given: {
  readonly arch: Architecture;
  readonly 'instance-type': string;
}): void {
  const type = given['instance-type'];
  const own = ec2Architecture(type);
  refuseMismatch(type, own, given.arch, `--arch ${own}, or --instance-type ${smallestFor(given.arch)}`);
}
