import type { Account, StoredImage, StoredTemplate } from './account.ts';
import { element, elements, listIn, matches, pageOf, Refusal } from './answer.ts';
import { EC2_LISTINGS } from './ec2-listings.ts';

type Handler = (query: URLSearchParams, account: Account) => string;

/**
 * EC2's actions, version 2016-11-15. Names, nesting and rules are those of AWS's service model (boto/botocore 1.43.11,
 * botocore/data/ec2/2016-11-15/service-2.json), which checks every request and answer; codes of errors are those of the EC2 API Reference, "Error codes for the Amazon EC2 API".
 */
export const EC2_ACTIONS: Readonly<Record<string, Handler>> = {
  ...EC2_LISTINGS,
  DescribeImages: describeImages,
  DescribeInstances: describeInstances,
  DescribeLaunchTemplateVersions: describeLaunchTemplateVersions,
};

/**
 * Deprecated images of other accounts are listed only with `IncludeDeprecated`, disabled ones only with `IncludeDisabled`
 * (model, DescribeImagesRequest). Of images of others, disabled ones are never shown (model, DisableImage).
 */
function describeImages(query: URLSearchParams, { images = [], pageSize }: Account): string {
  const now = new Date();
  const owners = listIn(query, 'Owner');
  const found = images.filter(
    ({ id, name, owner, deprecatedAt, isOwn = false, state = 'available' }) =>
      (query.get('IncludeDeprecated') === 'true' || isOwn || !deprecatedAt || deprecatedAt > now) &&
      (query.get('IncludeDisabled') === 'true' || state !== 'disabled') &&
      (owners.length === 0 || owners.includes(owner)) &&
      matches(query, { 'image-id': id, name, state }),
  );
  const { page, next } = pageOf(found, query, pageSize);
  return elements('imagesSet', ...page.map(describeImage)) + element('nextToken', next);
}

function describeImage(image: StoredImage): string {
  const { id, name, architecture, owner, createdAt, deprecatedAt, state = 'available' } = image;
  return elements(
    'item',
    element('imageId', id),
    element('imageOwnerId', owner),
    element('imageState', state),
    element('isPublic', 'true'),
    element('architecture', architecture),
    element('name', name),
    element('creationDate', createdAt.toISOString()),
    element('deprecationTime', deprecatedAt?.toISOString()),
  );
}

function describeInstances(query: URLSearchParams, { groups = [], pageSize }: Account): string {
  const instances = groups.flatMap(({ name, runs = [], keepsWarm = [], others = {} }) => [
    ...runs.map((image) => ({ name, image, state: 'running' })),
    ...keepsWarm.map((image) => ({ name, image, state: 'stopped' })),
    ...Object.entries(others).map(([state, image]) => ({ name, image, state })),
  ]);
  const found = instances.filter(({ name, state }) =>
    matches(query, { 'tag:aws:autoscaling:groupName': name, 'instance-state-name': state }),
  );
  const { page, next } = pageOf(found, query, pageSize);
  const items = page.map(({ image }) =>
    elements('item', elements('instancesSet', elements('item', element('imageId', image)))),
  );
  return elements('reservationSet', ...items) + element('nextToken', next);
}

/** With `ResolveAlias`, the image is the one that a parameter names (model, DescribeLaunchTemplateVersionsRequest). */
function describeLaunchTemplateVersions(query: URLSearchParams, { templates = [], parameters = {} }: Account): string {
  const [id, name] = [query.get('LaunchTemplateId'), query.get('LaunchTemplateName')];
  const template = templates.find((each) => (id === null ? each.name === name : each.id === id));
  if (!template) {
    throw id === null
      ? new Refusal('InvalidLaunchTemplateName.NotFoundException', `No template named ${name} exists.`)
      : new Refusal(
          'InvalidLaunchTemplateId.NotFound',
          `The specified launch template, with template ID ${id}, does not exist.`,
        );
  }
  const items = listIn(query, 'LaunchTemplateVersion').map((version) => {
    const number = versionOf(template, version);
    if (number < 1 || number > template.versions.length)
      throw new Refusal('InvalidLaunchTemplateId.VersionNotFound', `Could not find launch template version ${version}`);
    const image = template.versions[number - 1];
    const [, parameter] = /^resolve:ssm:(.*)$/.exec(image ?? '') ?? [];
    if (parameter === '/refused') throw new Refusal('InvalidParameterValue', `${parameter} cannot be resolved`);
    const isResolved = parameter !== undefined && query.get('ResolveAlias') === 'true';
    return elements(
      'item',
      element('launchTemplateId', template.id),
      element('launchTemplateName', template.name),
      element('versionNumber', number),
      elements('launchTemplateData', element('imageId', isResolved ? parameters[parameter] : image)),
    );
  });
  return elements('launchTemplateVersionSet', ...items);
}

function versionOf({ default: usual, versions }: StoredTemplate, version: string): number {
  return version === '$Latest' ? versions.length : version === '$Default' ? usual : Number(version);
}
