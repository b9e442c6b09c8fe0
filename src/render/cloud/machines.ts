import { UserError } from '../../core/errors.ts';

/** A CPU architecture of workers. */
export type Architecture = 'x86_64' | 'arm64';

/** Returns the architecture of an EC2 instance type: Graviton families have a g after their generation: t4g, c7gn, im4gn. */
export function ec2Architecture(type: string): Architecture {
  return /^(?:a1|[a-z]+\d+g[a-z]*)\./.test(type) ? 'arm64' : 'x86_64';
}

/** Returns the architecture of an Azure VM size: arm64 sizes have a p after their number, as in D2ps_v5. */
export function azureArchitecture(size: string): Architecture {
  return /^Standard_[A-Z]+\d+(?:-\d+)?[a-oq-z]*p[a-z]*(?:_|$)/.test(size) ? 'arm64' : 'x86_64';
}

/** Returns the architecture of a Google Cloud machine type. */
export function gcpArchitecture(type: string): Architecture {
  return /^(?:t2a|c4a|n4a)-/.test(type) ? 'arm64' : 'x86_64';
}

/** Machine types known to have less than the 2 GB of memory and 2 CPUs that a worker needs. */
const TOO_SMALL =
  /^(?:[a-z0-9]+\.(?:nano|micro)|(?:t1|t2|m1|m3|c1)\.(?:micro|small|medium)|Standard_(?:A0|A1|A1_v2|B1l?s|B1ms|B1s|B2ats_v2|B2pts_v2|B2ts_v2|D1|D1_v2|DS1|DS1_v2|F1|F1s)|(?:e2|f1|g1)-(?:micro|small)|n1-standard-1)$/;

/** Warns of a machine type that is too small for a worker. */
export function minimumWarning(type: string, alternative: string): readonly string[] {
  if (!TOO_SMALL.test(type)) return [];
  return [`${type} has less than the 2 GB of memory and 2 CPUs that a worker needs; ${alternative} has enough`];
}

/** Refuses a machine type that cannot run an image of an architecture. @throws UserError `SPACECTL_BAD_INPUT` */
export function refuseMismatch(type: string, of: Architecture, wanted: Architecture, alternative: string): void {
  if (of === wanted) return;
  throw new UserError('SPACECTL_BAD_INPUT', `${type} has architecture ${of}, but the image is ${wanted}`, {
    suggestions: [alternative],
  });
}
