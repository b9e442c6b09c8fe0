import { SPOT_COMMENT, spotRequest } from '../cloud/aws/spot.ts';
import { block, type Item, reference, type Value } from '../format/hcl/hcl.ts';
import { use } from '../format/hcl/variables.ts';
import { baseName, type EcsNames, REPLACED_TOGETHER } from './names.ts';
import { launchTags } from './tags.ts';
import { userData } from './user-data.ts';

/** What an instance is started with, besides what is the same for all. */
export interface Machine {
  readonly volumeSize: number;
  readonly kmsKey: Value | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly isSpot: boolean;
  readonly spotMaxPrice: string | undefined;
}

/** The root volume of ECS's images (amazon-ecs-ami, al2023.pkr.hcl@01c838e). */
const ROOT_DEVICE = '/dev/xvda';

/** Returns the launch template of the instances. */
export function launchTemplate(names: EcsNames, machine: Machine): readonly Item[] {
  return [
    block('data', ['aws_ssm_parameter', 'image'], { name: use('image_parameter') }),
    block(
      'resource',
      ['aws_launch_template', 'workers'],
      {
        name_prefix: `${baseName(names)}-`,
        image_id: reference('nonsensitive(data.aws_ssm_parameter.image.value)'),
        instance_type: use('instance_type'),
        vpc_security_group_ids: use('security_groups'),
        update_default_version: true,
        user_data: userData(),
      },
      block('iam_instance_profile', [], { arn: reference('aws_iam_instance_profile.instance.arn') }),
      block('block_device_mappings', [], { device_name: ROOT_DEVICE }, rootVolume(machine)),
      'One hop: run containers cannot reach the credentials of the instance.',
      block('metadata_options', [], { http_tokens: 'required', http_put_response_hop_limit: 1 }),
      ...(machine.isSpot ? spot(machine.spotMaxPrice) : []),
      ...launchTags(machine.tags),
      block('lifecycle', [], REPLACED_TOGETHER),
    ),
  ];
}

function rootVolume({ volumeSize, kmsKey }: Machine): Item {
  return block('ebs', [], {
    volume_size: volumeSize,
    volume_type: 'gp3',
    // Without a key of the user's, with AWS's own of the account.
    encrypted: true,
    kms_key_id: kmsKey,
    delete_on_termination: true,
  });
}

function spot(maxPrice: string | undefined): readonly Item[] {
  const request = block('spot_options', [], spotRequest(maxPrice));
  return [SPOT_COMMENT, block('instance_market_options', [], { market_type: 'spot' }, request)];
}
