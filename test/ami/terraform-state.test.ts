import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readDescribedImages } from '../../src/ami/saved/described-images.ts';
import { readTerraformState } from '../../src/ami/saved/terraform-state.ts';
import { temporaryFolder } from '../services/temporary.ts';

const OLD = 'ami-00000001';
const NEW = 'ami-00000002';

async function readState(document: unknown) {
  const file = path.join(await temporaryFolder(), 'terraform.tfstate');
  await writeFile(file, typeof document === 'string' ? document : JSON.stringify(document));
  return readTerraformState(file);
}

/** A state file with one instance of each resource. */
const stateOf = (...resources: readonly (readonly [type: string, attributes: object])[]) => ({
  version: 4,
  resources: resources.map(([type, attributes]) => ({ type, name: 'this', instances: [{ attributes }] })),
});

const template = (more: object = {}) =>
  [
    'aws_launch_template',
    { id: 'lt-1', name: 'workers', image_id: NEW, latest_version: 3, default_version: 2, ...more },
  ] as const;
const group = (attributes: object) => ['aws_autoscaling_group', { name: 'workers', ...attributes }] as const;
const byGroup = (found: Awaited<ReturnType<typeof readState>>) =>
  found.uses.filter(({ by }) => by === 'aws_autoscaling_group.this').map(({ source }) => source);

test('both formats of a state say which image is looked up and which is started, in any module', async () => {
  const image = {
    id: NEW,
    name: 'x',
    architecture: 'arm64',
    owner_id: '643313122712',
    creation_date: '2026-01-01T00:00:00Z',
  };
  const raw = await readState({
    version: 4,
    resources: [
      { mode: 'data', type: 'aws_ami', name: 'this', module: 'module.workers', instances: [{ attributes: image }] },
      {
        type: 'aws_launch_template',
        name: 'this',
        module: 'module.workers',
        instances: [{ attributes: { image_id: NEW } }],
      },
      { type: 'aws_instance', name: 'one', instances: [{ attributes: { ami: OLD } }, { attributes: null }] },
      { type: 'aws_s3_bucket', name: 'x', instances: [{ attributes: { ami: 'ami-22222222' } }] },
    ],
  });
  expect(raw.images).toEqual([
    expect.objectContaining({ id: NEW, owner: '643313122712', createdAt: new Date('2026-01-01T00:00:00Z') }),
  ]);
  expect(raw.uses).toEqual([
    { source: { image: NEW }, by: 'module.workers.aws_launch_template.this' },
    { source: { image: OLD }, by: 'aws_instance.one' },
  ]);
  const address = 'module.w.aws_launch_template.t[0]';
  const shown = { resources: [{ address, type: 'aws_launch_template', values: { image_id: NEW } }] };
  const json = await readState({ format_version: '1.0', values: { root_module: { child_modules: [shown] } } });
  expect(json.uses).toEqual([{ source: { image: NEW }, by: address }]);
});

test.each([
  ['$Latest is the version whose image the state has', [{ id: 'lt-1', version: '$Latest' }], { image: NEW }],
  ['the same by its number and name', [{ name: 'workers', version: '3' }], { image: NEW }],
  ['$Default is an older one, which only EC2 knows', [{ id: 'lt-1', version: '$Default' }], { version: '$Default' }],
  ['without a version, it is the default one', [{ id: 'lt-1', name: 'workers' }], { version: '$Default' }],
  ['an older version', [{ id: 'lt-1', version: '1' }], { version: '1' }],
  ['a template that is not in the state', [{ id: 'lt-9', version: '$Latest' }], { id: 'lt-9', version: '$Latest' }],
])("a group's launch template is followed: %s", async (_title, launch_template, expected) => {
  const [source, ...others] = byGroup(await readState(stateOf(template(), group({ launch_template }))));
  expect(source).toMatchObject('image' in expected ? expected : { template: expected });
  expect(others).toEqual([]);
});

test('$Default is the version of the state if it is the latest', async () => {
  const launch_template = [{ id: 'lt-1', version: '$Default' }];
  expect(byGroup(await readState(stateOf(template({ default_version: 3 }), group({ launch_template }))))).toEqual([
    { image: NEW },
  ]);
});

test('a Systems Manager parameter is left to EC2, with the version that the state has', async () => {
  const parameter = template({ image_id: 'resolve:ssm:/golden/image' });
  const found = await readState(stateOf(parameter, group({ launch_template: [{ id: 'lt-1', version: '$Latest' }] })));
  const wanted = { template: { id: 'lt-1', name: 'workers', version: '3' } };
  expect(found.uses.map(({ source }) => source)).toEqual([wanted, wanted]);
});

test('a mixed-instances policy starts from its template, from those of overrides, and from their images', async () => {
  const specification = (id: string, version: string) => [
    { launch_template_id: id, launch_template_name: '', version },
  ];
  const override = [
    { instance_type: 'm7i.large', launch_template_specification: [] },
    { instance_type: 'm7g.large', launch_template_specification: specification('lt-arm', '$Latest') },
    { instance_type: 'm6i.large', image_id: OLD },
  ];
  const launch_template = [{ launch_template_specification: specification('lt-1', '$Latest'), override }];
  const found = await readState(stateOf(template(), group({ mixed_instances_policy: [{ launch_template }] })));
  expect(byGroup(found)).toEqual([
    { image: NEW },
    { template: { id: 'lt-arm', name: undefined, version: '$Latest' } },
    { image: OLD },
  ]);
});

test('a launch configuration is found in the state, or left to Auto Scaling', async () => {
  const configuration = ['aws_launch_configuration', { name: 'lc', image_id: OLD }] as const;
  const byName = group({ launch_configuration: 'lc' });
  expect(byGroup(await readState(stateOf(configuration, byName)))).toEqual([{ image: OLD }]);
  expect(byGroup(await readState(stateOf(byName)))).toEqual([{ configuration: 'lc' }]);
});

test("the region is that of the resources, if it is one's", async () => {
  const arn = (region: string) => ['aws_instance', { arn: `arn:aws-us-gov:ec2:${region}:1:instance/i-1` }] as const;
  expect((await readState(stateOf(arn('us-gov-west-1'), arn('us-gov-west-1')))).region).toBe('us-gov-west-1');
  expect((await readState(stateOf(arn('eu-west-1'), arn('eu-west-2')))).region).toBeUndefined();
});

test('images of Azure and Google Cloud are found as references', async () => {
  const found = await readState(
    stateOf(
      ['azurerm_linux_virtual_machine_scale_set', { source_image_id: '/communityGalleries/g/images/i' }],
      ['google_compute_instance_template', { disk: [{ source_image: 'projects/p/global/images/family/f' }, {}] }],
      ['google_compute_instance', { boot_disk: [{ initialize_params: [{ image: 'projects/p/global/images/n' }] }] }],
    ),
  );
  expect(found.references.map(({ reference }) => reference)).toEqual([
    '/communityGalleries/g/images/i',
    'projects/p/global/images/family/f',
    'projects/p/global/images/n',
  ]);
  expect(found.uses).toEqual([]);
});

test.each(['', '[]', '{"Images":{}}', 'null', '"x"', '{"resources":'])(
  '%j is refused, not read as empty',
  async (content) => {
    const file = path.join(await temporaryFolder(), 'file.json');
    await writeFile(file, content);
    await expect(readDescribedImages(file)).rejects.toMatchObject({ code: 'SPACECTL_BAD_DATA' });
    await expect(readTerraformState(file)).rejects.toMatchObject({ code: 'SPACECTL_BAD_DATA' });
  },
);
