import { awsErrorCode, connectToAutoScaling, type Ec2Connection } from '../../cloud-accounts/index.ts';
import { UserError } from '../../core/errors.ts';
import type { AwsOptions } from './images.ts';
import type { LaunchSource, TemplateReference } from './launch-source.ts';

/** The image of a source, or why there is none. */
export type Resolved = { readonly image: string } | { readonly problem: string };

/** EC2's codes for a launch template, or a version of one, that does not exist (EC2 API Reference, "Error codes"). */
const NO_TEMPLATE = [
  'InvalidLaunchTemplateId.NotFound',
  'InvalidLaunchTemplateId.VersionNotFound',
  'InvalidLaunchTemplateName.NotFoundException',
];

/**
 * Finds the image that instances start from. `$Latest`, `$Default` and Systems Manager parameters (`resolve:ssm:…`) are
 * followed by EC2 itself.
 */
export async function resolveSource(source: LaunchSource, ec2: Ec2Connection, options: AwsOptions): Promise<Resolved> {
  if ('image' in source) return source;
  if ('template' in source) return imageOfTemplate(source.template, ec2);
  const scaling = await connectToAutoScaling(options);
  try {
    const { LaunchConfigurations: [found] = [] } = await scaling.describeLaunchConfigurations({
      LaunchConfigurationNames: [source.configuration],
    });
    return found?.ImageId ? { image: found.ImageId } : { problem: 'the launch configuration does not exist' };
  } finally {
    scaling.close();
  }
}

async function imageOfTemplate({ id, name, version }: TemplateReference, ec2: Ec2Connection): Promise<Resolved> {
  const template = id ? { LaunchTemplateId: id } : { LaunchTemplateName: name };
  try {
    const { LaunchTemplateVersions: [found] = [] } = await ec2.describeLaunchTemplateVersions({
      ...template,
      Versions: [version],
      // Needs the permission ssm:GetParameters where a parameter is named.
      ResolveAlias: true,
    });
    const image = found?.LaunchTemplateData?.ImageId;
    if (image?.startsWith('ami-')) return { image };
    return { problem: image ? `${image} was not resolved` : 'the launch template does not specify an image' };
  } catch (error) {
    const code = awsErrorCode(error) ?? '';
    if (NO_TEMPLATE.includes(code)) return { problem: 'this version of the launch template does not exist' };
    // What EC2 answers to a parameter that does not exist is not documented.
    if (error instanceof UserError && error.code === 'SPACECTL_UNREACHABLE' && code.startsWith('Invalid'))
      return { problem: error.message };
    throw error;
  }
}
