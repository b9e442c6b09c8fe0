import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ansible } from '../../../src/render/ansible/step.ts';
import { cloudInit } from '../../../src/render/cloud-init/step.ts';
import { docker } from '../../../src/render/docker/step.ts';
import { ecs } from '../../../src/render/ecs/step.ts';
import { parseEnvironmentFile } from '../../../src/render/format/environment-reader.ts';
import { systemd } from '../../../src/render/systemd/step.ts';
import { later } from '../../../src/step/content.ts';
import type { Change } from '../../../src/step/plan.ts';
import type { Step } from '../../../src/step/step.ts';
import { type Flags, type Pool, planPool, planStep, renderStep } from '../../services/render.ts';

type Texts = Readonly<Record<string, string>>;
type Variables = Readonly<Record<string, string>>;

const settingsIn = (text = '') => parseEnvironmentFile(text).variables;
const pairs = (words: readonly string[]) =>
  Object.fromEntries(words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));

/** Every file that starts launchers, and how what reads it comes by their environment. */
const FILES: readonly (readonly [file: string, step: Step, read: (texts: Texts) => Variables])[] = [
  ['launcher.env', systemd, (texts) => settingsIn(texts['systemd/launcher.env'])],
  ['the role', ansible, (texts) => settingsIn(texts['ansible/roles/spacelift_worker/files/launcher.env'])],
  ['cloud-init.yaml', cloudInit, (texts) => settingsIn(writtenBy(texts['cloud-init.yaml'], 'launcher.env'))],
  ['compose.yaml', docker, (texts) => parse(texts['docker/compose.yaml'] ?? '').services.launcher.environment],
  [
    'run.sh',
    docker,
    (texts) => pairs([...(texts['docker/run.sh'] ?? '').matchAll(/--env '?([^'\s]+)'?/g)].map(([, word = '']) => word)),
  ],
  ['task-definition.json', ecs, (texts) => environmentOf(JSON.parse(texts['ecs/task-definition.json'] ?? '{}'))],
  [
    'main.tf',
    ecs,
    (texts) => {
      const found = texts['ecs/main.tf']?.matchAll(/name\s*=\s*"(SPACELIFT_WORKER\w+)"\s+value\s*=\s*"([^"]*)"/g) ?? [];
      return Object.fromEntries([...found].map(([, name = '', value = '']) => [name, value]));
    },
  ],
];

function writtenBy(document = '', name: string): string {
  const files = parse(document).write_files as { path: string; content: string; encoding?: string }[];
  const { content, encoding } = files.find((file) => file.path.endsWith(`/${name}`)) ?? expect.fail(`no ${name}`);
  return encoding === 'b64' ? Buffer.from(content, 'base64').toString() : content;
}

function environmentOf(task: {
  containerDefinitions: { environment: { name: string; value: string }[] }[];
}): Variables {
  return Object.fromEntries(task.containerDefinitions[0]?.environment.map(({ name, value }) => [name, value]) ?? []);
}

const tokenFor = (endpoint: string) => Buffer.from(JSON.stringify({ broker: { endpoint } })).toString('base64');

/** A pool whose token comes into being only while the plan is carried out. */
function createdLater(endpoint: string): Pool {
  const { dir, planned } = planPool({ token: 'not yet' });
  const content = later(async () => Buffer.from(tokenFor(endpoint)));
  const isToken = (change: Change) => change.kind === 'file' && change.path.endsWith('worker-pool.config');
  return { dir, planned: planned.map((change) => (isToken(change) ? ({ ...change, content } as Change) : change)) };
}

describe.each(FILES)('%s: what workers poll', (_file, step, read) => {
  const comms = async (pool: Pool, flags: Flags = []) => {
    const found = read(await renderStep(step, pool, flags));
    return { protocol: found['SPACELIFT_WORKER_COMMS_PROTOCOL'], url: found['SPACELIFT_WORKER_COMMS_URL'] };
  };
  const us = { protocol: 'poll', url: 'https://app.us.spacelift.io' };

  test('follows the environment of the answers, of the token, and of a token that is still to be made', async () => {
    expect(await comms(planPool())).toEqual({ protocol: 'poll', url: 'https://app.spacelift.io' });
    expect(await comms(planPool(), ['--environment', 'us'])).toEqual(us);
    expect(await comms(planPool({ token: tokenFor('worker-iot.us.spacelift.io') }))).toEqual(us);
    expect(await comms(createdLater('worker-iot.us.spacelift.io'))).toEqual(us);
  });

  test('is the server that is given, and rendering is refused where none is', async () => {
    const fedramp = planPool({ token: tokenFor('worker-iot.fedramp.spacelift.io') });
    const url = ['--worker-comms-url', 'https://spacelift.example.gov/'];
    expect(await comms(fedramp, url)).toEqual({ protocol: 'poll', url: 'https://spacelift.example.gov' });
    await expect(comms(fedramp)).rejects.toMatchObject({ code: 'SPACECTL_MISSING_INPUT' });
    await expect(comms(createdLater('mqtt.example.com:1984'))).rejects.toMatchObject({
      code: 'SPACECTL_MISSING_INPUT',
    });
  });

  test('is nothing with MQTT, which is warned of, and --env counts before either', async () => {
    expect(await comms(planPool(), ['--worker-comms', 'mqtt'])).toEqual({ protocol: 'mqtt', url: undefined });
    expect(await comms(planPool(), ['--worker-comms', 'unset'])).toEqual({ protocol: undefined, url: undefined });
    const own = [
      '--env',
      'SPACELIFT_WORKER_COMMS_URL=https://spacelift.example.com',
      '--launcher-sha256',
      'a'.repeat(64),
    ];
    expect(await comms(planPool(), own)).toEqual({ protocol: 'poll', url: 'https://spacelift.example.com' });
    const dated = expect.stringContaining('2027-01-01');
    const mqtt = ['--env', 'SPACELIFT_WORKER_COMMS_PROTOCOL=mqtt'];
    expect(await comms(planPool(), mqtt)).toEqual({ protocol: 'mqtt', url: undefined });
    expect((await planStep(step, planPool(), mqtt)).warnings).toContainEqual(dated);
    expect((await planStep(step, planPool(), [])).warnings).not.toContainEqual(dated);
  });
});
