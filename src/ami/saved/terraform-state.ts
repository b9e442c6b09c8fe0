import type { LaunchSource, LaunchUse, TemplateReference } from '../aws/launch-source.ts';
import type { Image } from '../aws/lifecycle.ts';
import type { Attributes } from './attributes.ts';
import { dateOf } from './document.ts';
import { type Resource, readResources } from './resources.ts';

/** The images in a Terraform state, and what uses them. */
export interface FoundInState {
  /** Images of AWS that were looked up, as they were then. */
  readonly images: readonly Image[];
  /** What instances on AWS start from. Where the state does not name the image, AWS has to be asked. */
  readonly uses: readonly LaunchUse[];
  /** References to images of Azure and Google Cloud. */
  readonly references: readonly { readonly reference: string; readonly by: string }[];
  /** The region of the resources of AWS, if it is one. */
  readonly region: string | undefined;
}

/**
 * Reads what a Terraform state says of machine images.
 * @throws UserError `SPACECTL_BAD_DATA` if the file is no state
 */
export async function readTerraformState(file: string): Promise<FoundInState> {
  const resources = await readResources(file);
  const templates = resources.filter(({ type }) => type === 'aws_launch_template').map(({ attributes }) => attributes);
  const configurations = resources.filter(({ type }) => type === 'aws_launch_configuration');
  const configurationImages = new Map(configurations.map(({ attributes: each }) => [each.name, each.image_id]));
  const regions = new Set(
    resources.flatMap(({ attributes: { arn } }) => arn?.match(/^arn:aws[^:]*:[^:]+:([^:]+):/)?.[1] ?? []),
  );
  const [region] = regions;
  return {
    images: resources.flatMap(({ type, attributes }) => (type === 'aws_ami' ? [imageOf(attributes)] : [])),
    uses: resources.flatMap((each) =>
      sourcesOf(each, templates, configurationImages).map((source) => ({ source, by: each.address })),
    ),
    references: resources.flatMap((each) => referencesIn(each).map((reference) => ({ reference, by: each.address }))),
    region: regions.size === 1 ? region : undefined,
  };
}

function imageOf({ id, name, architecture, owner_id, state, creation_date, deprecation_time }: Attributes): Image {
  const dates = { createdAt: dateOf(creation_date), deprecatedAt: dateOf(deprecation_time) };
  return { id, name, architecture, owner: owner_id, state, ...dates };
}

/** Lists what a resource of AWS starts instances from. */
function sourcesOf(
  { type, attributes }: Resource,
  templates: readonly Attributes[],
  configurationImages: ReadonlyMap<string | undefined, string | undefined>,
): readonly LaunchSource[] {
  if (type === 'aws_launch_template') return sourceOfTemplate(attributes);
  if (type === 'aws_launch_configuration') return imageSource(attributes.image_id);
  if (type === 'aws_instance') return imageSource(attributes.ami);
  if (type !== 'aws_autoscaling_group') return [];
  const { launch_configuration: configuration } = attributes;
  const image = configurationImages.get(configuration);
  return [
    ...(image ? imageSource(image) : configuration ? [{ configuration }] : []),
    ...templatesOfGroup(attributes).map((each) => followTemplate(each, templates)),
    ...mixedIn(attributes).flatMap(({ override }) => override.flatMap((each) => imageSource(each?.image_id))),
  ];
}

function imageSource(image: string | undefined): readonly LaunchSource[] {
  return image?.startsWith('ami-') ? [{ image }] : [];
}

/** A state has the image of a template's latest version. A Systems Manager parameter is EC2's to resolve. */
function sourceOfTemplate({ id, name, image_id: image, latest_version: latest }: Attributes): readonly LaunchSource[] {
  if (!image?.startsWith('resolve:ssm:')) return imageSource(image);
  return [{ template: { id, name, version: latest === undefined ? '$Latest' : String(latest) } }];
}

/** Lists the launch templates that a group names. Without a version, Auto Scaling takes the default one. */
function templatesOfGroup(attributes: Attributes): readonly TemplateReference[] {
  const own = attributes.launch_template.map((each) => each && { id: each.id, name: each.name, version: each.version });
  const mixed = mixedIn(attributes).flatMap(({ launch_template_specification: common, override }) =>
    [...common, ...override.flatMap((each) => each?.launch_template_specification ?? [])].map(
      (each) => each && { id: each.launch_template_id, name: each.launch_template_name, version: each.version },
    ),
  );
  return [...own, ...mixed].flatMap((each) =>
    each && (each.id || each.name) ? [{ ...each, version: each.version ?? '$Default' }] : [],
  );
}

function mixedIn({ mixed_instances_policy: policy }: Attributes) {
  return policy.flatMap((each) => each?.launch_template ?? []).flatMap((each) => (each ? [each] : []));
}

/** Follows a version of a launch template within the state; any but the latest is only known to EC2. */
function followTemplate(reference: TemplateReference, templates: readonly Attributes[]): LaunchSource {
  const { id, name, version } = reference;
  const known = templates.find((each) => (id ? each.id === id : each.name === name));
  const wanted = { $Latest: known?.latest_version, $Default: known?.default_version }[version] ?? Number(version);
  const [source] = known && known.latest_version === wanted ? sourceOfTemplate(known) : [];
  return source ?? { template: reference };
}

/** Lists the images that a resource of Azure or Google Cloud starts from. */
function referencesIn({ type, attributes }: Resource): readonly string[] {
  if (/^azurerm_(?:linux|orchestrated)_virtual_machine/.test(type))
    return attributes.source_image_id ? [attributes.source_image_id] : [];
  if (!/^google_compute_(?:region_)?instance/.test(type)) return [];
  const templates = attributes.disk.map((each) => each?.source_image);
  const instances = attributes.boot_disk.flatMap((each) => each?.initialize_params ?? []).map((each) => each?.image);
  return [...templates, ...instances].filter((each) => each !== undefined);
}
