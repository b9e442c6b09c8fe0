import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { ecs } from '../../src/render/ecs/step.ts';
import { createHost, HOST_NEEDS } from '../services/host.ts';
import { testWith } from '../services/programs.ts';
import { planPool, renderStep, withBundle } from '../services/render.ts';
import { sliceOf } from '../services/slice.ts';
import { planConfigurations } from '../services/terraform-plan.ts';

/**
 * When ECS's agent starts, and with what (aws/amazon-ecs-agent, packaging/amazon-linux-ami-integrated/ecs.service@0923816).
 * aws/amazon-ecs-ami enables it (scripts/enable-services.sh@0d597cb).
 */
const UNIT = `[Unit]
Wants=docker.service
After=docker.service cloud-final.service
[Service]
EnvironmentFile=-/etc/ecs/ecs.config
ExecStartPre=/bin/bash -c '[ "$(systemctl is-active docker)" = active ]'
ExecStart=/usr/libexec/amazon-ecs-init start
[Install]
WantedBy=multi-user.target
`;

/** It registers with the cluster of its configuration, else with "default" (README.md of the agent, ECS_CLUSTER). */
// biome-ignore lint/suspicious/noTemplateCurlyInString: a shell expands it
const AGENT = '#!/bin/sh\necho "${ECS_CLUSTER:-default}" >>/root/joined\nexec sleep infinity\n';

/** User data, compressed as Terraform does it: what EC2 hands to cloud-init. */
async function userData(hasBundle: boolean): Promise<Buffer> {
  const pool = planPool();
  const texts = Object.entries(await renderStep(ecs, hasBundle ? await withBundle(pool) : pool, []));
  const own = Object.fromEntries(texts.map(([name, text]) => [path.relative('ecs', name), text]));
  const { configurations } = await planConfigurations({ pool: { texts: own } });
  return Buffer.from(String(configurations['pool']?.resources['aws_launch_template.workers']?.['user_data']), 'base64');
}

/** Boots a host with ECS's agent. It stays up where it would power off, so that the agent has time to start. */
async function bootInstance({ hasBundle, isDockerMasked }: { hasBundle: boolean; isDockerMasked: boolean }) {
  const host = await createHost();
  const at = (name: string) => path.join(host.root, name);
  const put = async (name: string, text: string) => {
    await mkdir(path.dirname(at(name)), { recursive: true });
    await writeFile(at(name), text);
    if (text.startsWith('#!')) await chmod(at(name), 0o755);
  };
  await put('etc/systemd/system/ecs.service', UNIT);
  await put('usr/libexec/amazon-ecs-init', AGENT);
  await put('etc/ecs/ecs.config', '');
  // Only Debian's family has this line (canonical/cloud-init, systemd/cloud-final.service.tmpl@01e0fc8): with it, nothing
  // that multi-user.target wants could start after cloud-final.service.
  const final = await readFile(at('lib/systemd/system/cloud-final.service'), 'utf8');
  await put('etc/systemd/system/cloud-final.service', final.replace('After=multi-user.target\n', ''));
  await put('usr/local/sbin/poweroff', '#!/bin/sh\ntouch /root/powered-off\n');
  await mkdir(at('etc/systemd/system/multi-user.target.wants'), { recursive: true });
  await symlink('../ecs.service', at('etc/systemd/system/multi-user.target.wants/ecs.service'));
  if (isDockerMasked) await symlink('/dev/null', at('etc/systemd/system/docker.service'));
  await host.seed(await userData(hasBundle));
  const booted = await host.boot();
  // It is started, and then has to say so.
  await booted.run(
    'sh',
    '-c',
    'systemctl -q is-active ecs && timeout 10 sh -c "until [ -e /root/joined ]; do sleep 0.1; done"',
  );
  const text = (name: string) => readFile(at(name), 'utf8').catch(() => undefined);
  return {
    booted,
    joined: await text('root/joined'),
    poweredOff: (await text('root/powered-off')) !== undefined,
    text,
  };
}

const CASES = [
  ['all is well', { hasBundle: false, isDockerMasked: false }, true],
  ['the CA bundle cannot be built', { hasBundle: true, isDockerMasked: false }, false],
  ['Docker does not start', { hasBundle: false, isDockerMasked: true }, false],
] as const;

testWith(...HOST_NEEDS, 'terraform').each(sliceOf(CASES, CASES.length))(
  'an instance of ECS boots, and %s',
  { timeout: 600_000 },
  async (_, given, joins) => {
    const { booted, joined, poweredOff, text } = await bootInstance(given);
    const log = await text('var/log/cloud-init-output.log');
    expect({ joined, poweredOff, log }).toMatchObject({
      joined: joins ? expect.stringMatching(/^spacelift-build-eu.*\n$/) : undefined,
      poweredOff: !joins,
    });
    const agent = await booted.run('systemctl', 'show', 'ecs', '--property=ActiveState,ConditionResult');
    expect(agent.stdout).toContain(joins ? 'ActiveState=active' : 'ActiveState=inactive');
    expect(agent.stdout).toContain(`ConditionResult=${joins ? 'yes' : 'no'}`);
  },
);
