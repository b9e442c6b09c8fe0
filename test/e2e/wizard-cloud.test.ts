import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { AWS_ENVIRONMENT } from '../services/aws/account.ts';
import { startAws } from '../services/aws/server.ts';
import { AZ_ANSWERS, GCLOUD_ANSWERS, putCloudProgram } from '../services/cloud-program.ts';
import { PROGRAM } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';
import { moveTo, poolWithKey, QUESTIONS, withTmux } from '../services/wizard.ts';

const ACCOUNT = {
  regions: ['us-east-1', 'eu-west-1'],
  subnets: [
    { id: 'subnet-0000000a', vpc: 'vpc-1', name: 'private\u009b31m-a' },
    { id: 'subnet-0000000b', vpc: 'vpc-1', name: 'private-b', zone: 'eu-west-1b' },
    { id: 'subnet-0000000c', vpc: 'vpc-2', name: 'other' },
  ],
  securityGroups: [{ id: 'sg-00000001', name: 'workers', vpc: 'vpc-1' }],
  instanceTypes: ['t3.small', 'm7i.large'],
} as const;

/** `--pool token` asks Spacelift nothing. */
const INIT = [process.execPath, PROGRAM, 'init', 'pool', '--bits', '2048', '--target', 'terraform-aws'];

withTmux('What the AWS account has is chosen in a few keys, searched or typed', async () => {
  const [ec2, cwd] = [await startAws(ACCOUNT), await temporaryFolder()];
  const terminal = await openTerminal([...INIT, '--pool', 'token'], {
    cwd,
    env: { ...AWS_ENVIRONMENT, AWS_ENDPOINT_URL_EC2: ec2.url },
  });
  await terminal.waitFor(QUESTIONS.ca);
  await terminal.enter();
  await moveTo(terminal, /❯ ! region /);
  expect(ec2.actions).toEqual([]);
  // The region of the AWS CLI stands first.
  await terminal.press('Right', 'Enter');
  await terminal.waitFor(/region +eu-west-1 +you/);
  await moveTo(terminal, /❯ ! subnet /);
  await terminal.press('Right');
  await terminal.waitFor(/❯ None of these: decide later/);
  expect(await terminal.visible()).toMatch(/private\\u\{9b\}31m-a, eu-west-1a, 10\.0\.0\.0\/24 \(subnet-0000000a\)/);
  await terminal.enter('eu-west-1b');
  await terminal.waitFor(/❯ Done: subnet-0000000b/);
  await terminal.enter('other');
  await terminal.waitFor(/❯ Done: subnet-0000000b, subnet-0000000c/);
  await terminal.enter();
  await terminal.waitFor(/Warning: subnet: subnet-0000000b is in vpc-1 and subnet-0000000c is in vpc-2/);
  await moveTo(terminal, /❯ ! security-group /);
  await terminal.press('Right', 'Down', 'Enter', 'Enter');
  await terminal.waitFor(/security-group +sg-00000001 +you/);
  await terminal.waitFor(QUESTIONS.review);
  await terminal.press('Escape');
  expect(await terminal.ended()).toBe(0);
  const saved = parse(await readFile(path.join(cwd, 'pool/spacectl.yaml'), 'utf8'));
  expect(saved['terraform-aws']).toEqual({
    region: 'eu-west-1',
    subnet: ['subnet-0000000b', 'subnet-0000000c'],
    'security-group': ['sg-00000001'],
  });
});

withTmux(
  'Values that the account does not list are accepted with a warning, and a silent EC2 stops no one',
  async () => {
    const ec2 = await startAws(ACCOUNT, { DescribeSubnets: 'hangs' });
    const cwd = await temporaryFolder();
    const flags = ['--pool', 'token', '--region', 'eu-wets-1', '--instance-type', 't3.smal'];
    const terminal = await openTerminal([...INIT, ...flags], {
      cwd,
      env: { ...AWS_ENVIRONMENT, AWS_ENDPOINT_URL_EC2: ec2.url },
    });
    await terminal.waitFor(QUESTIONS.ca);
    await terminal.enter();
    await terminal.waitFor(/Warning: region: AWS does not list eu-wets-1; did you mean eu-west-1\?/);
    await terminal.waitFor('Warning: instance-type: EC2 in eu-wets-1 does not list t3.smal; did you mean t3.small?');
    await moveTo(terminal, /❯ ! subnet /);
    await terminal.press('Right');
    await terminal.waitFor('Looking up what your account has');
    const screen = await terminal.waitFor(
      'The list of choices did not arrive within 5 seconds. Type the value instead.',
    );
    expect(screen).not.toContain('Looking up');
    await terminal.enter('subnet-0000000f');
    await terminal.waitFor(/subnet +subnet-0000000f +you/);
    await terminal.waitFor(QUESTIONS.review);
    await terminal.press('Escape');
    expect(await terminal.ended()).toBe(0);
  },
);

withTmux('The prompts of other commands offer what az and gcloud list, line by line too', async () => {
  const cwd = await temporaryFolder();
  await putCloudProgram(cwd, 'gcloud', GCLOUD_ANSWERS);
  await putCloudProgram(cwd, 'az', AZ_ANSWERS);
  await poolWithKey(cwd);
  // tmux does not pass PATH on.
  const withPath = ['env', `PATH=${cwd}:${process.env['PATH']}`, process.execPath, PROGRAM];
  const render = (cloud: string) =>
    openTerminal([...withPath, 'render', 'terraform', '--plain', '-d', 'pool', '--cloud', cloud], { cwd });
  const google = await render('gcp');
  await google.waitFor(/ID of the worker pool[\s\S]*>\s*$/);
  await google.enter();
  await google.waitFor(/1\. acme-build, Acme build\n[\s\S]*Enter takes acme-build[\s\S]*>\s*$/);
  await google.enter();
  await google.waitFor(/2\. europe-west1\n[\s\S]*>\s*$/);
  await google.enter('2');
  expect(await google.ended()).toBe(0);
  const azure = await render('azure');
  await azure.waitFor(/ID of the worker pool[\s\S]*>\s*$/);
  await azure.enter();
  await azure.waitFor(/1\. main\/more, westeurope, 10\.0\.2\.0\/24: Resource group net[\s\S]*>\s*$/);
  await azure.enter('/subscriptions/0/resourceGroups/net/subnets/mine');
  await azure.waitFor(/Warning: subnet-id: the Azure CLI's subscription does not list\s+\/subscriptions/);
  await azure.waitFor(/1\. secrets, westeurope[\s\S]*>\s*$/);
  await azure.enter('1');
  await azure.waitFor(/public key[\s\S]*>\s*$/);
  await azure.enter();
  expect(await azure.ended()).toBe(0);
  const variables = async (cloud: string) => readFile(path.join(cwd, `pool/terraform-${cloud}/variables.tf`), 'utf8');
  expect(await variables('gcp')).toMatch(/"acme-build"[\s\S]*"europe-west1"/);
  expect(await variables('azure')).toMatch(/\/subnets\/mine"[\s\S]*"secrets"/);
});
