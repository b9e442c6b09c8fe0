import { gzip } from '../../core/compression.ts';
import type { BootData } from '../cloud/boot-data.ts';
import { BOOT_FILE } from '../cloud/boot-script.ts';
import { MAX_BOOT_DATA } from '../cloud/limits.ts';
import { expression, reference, type Value } from '../format/hcl/hcl.ts';

/** The lines before the boot script. The name of the cluster is known to Terraform, and so is the order: cluster first. */
const first = (cluster: string) => ['#!/bin/bash', `spacectl_cluster=${cluster}`];

/**
 * Returns the user data of an instance, compressed: cloud-init unpacks gzip (cloudinit/user_data.py, convert_string). EC2
 * limits the compressed bytes.
 */
export function userData(): Value {
  const [shebang = ''] = first('');
  const lines = [
    shebang,
    expression`"spacectl_cluster=\${aws_ecs_cluster.workers.name}"`,
    expression`file("\${path.module}/${reference(BOOT_FILE)}")`,
  ];
  return expression`base64gzip(join("\\n", ${lines}))`;
}

/**
 * Returns a function that computes the size of the user data with the text of a boot script. Terraform compresses with Go,
 * whose result was at most 0.5 % and 12 bytes larger than zlib's (Terraform 1.11): 1.5 % and 40 bytes are added.
 */
export function measureUserData(cluster: string): (boot: string) => BootData {
  const compressed = (text: string) => Math.ceil(gzip(Buffer.from(text)).length * 1.015) + 40;
  return (boot) => {
    const bytes = compressed([...first(cluster), boot].join('\n'));
    const own = compressed(first(cluster).join('\n'));
    const limit = MAX_BOOT_DATA.aws;
    return { bytes, limit, room: limit - own, configuration: bytes - own, isEstimate: false, isCompressed: true };
  };
}
