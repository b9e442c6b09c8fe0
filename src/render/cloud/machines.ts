import { UserError } from '../../core/errors.ts';

export type Architecture = 'x86_64' | 'arm64';

/** The architecture of an EC2 instance type: Graviton families have a g behind their generation, as in t4g, c7gn, im4gn. */
export function ec2Architecture(type: string): Architecture {
  return /^(?:a1|[a-z]+\d+g[a-z]*)\./.test(type) ? 'arm64' : 'x86_64';
}

/** The architecture of an Azure size: arm64 ones have a p among the letters behind their number, as in D2ps_v5. */
export function azureArchitecture(size: string): Architecture {
  return /^Standard_[A-Z]+\d+(?:-\d+)?[a-z]*p[a-z]*(?:_|$)/.test(size) ? 'arm64' : 'x86_64';
}

/** The architecture of a Google Cloud machine type. */
export function gcpArchitecture(type: string): Architecture {
  return /^(?:t2a|c4a|n4a)-/.test(type) ? 'arm64' : 'x86_64';
}

/** Machines known to have less than the 2 GB and 2 processors that a worker needs. */
const TOO_SMALL =
  /^(?:[a-z0-9]+\.(?:nano|micro)|(?:t1|t2|m1|m3|c1)\.(?:micro|small|medium)|Standard_(?:A0|A1|A1_v2|B1l?s|B1ms|B1s|B2ats_v2|B2pts_v2|B2ts_v2|D1|D1_v2|DS1|DS1_v2|F1|F1s)|(?:e2|f1|g1)-(?:micro|small)|n1-standard-1)$/;

/** A warning where a machine is below the vendor's floor. */
export function floorWarning(type: string, alternative: string): readonly string[] {
  if (!TOO_SMALL.test(type)) return [];
  return [`${type} has less than the 2 GB of memory and 2 processors that a worker needs; ${alternative} has them`];
}

/** @throws UserError `SPACECTL_BAD_INPUT` where a machine cannot run an image of this architecture */
export function refuseMismatch(type: string, of: Architecture, wanted: Architecture, alternative: string): void {
  if (of === wanted) return;
  throw new UserError('SPACECTL_BAD_INPUT', `${type} is a machine of architecture ${of}, and the image is ${wanted}`, {
    suggestions: [alternative],
  });
}
