import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readToken } from '../../../src/pki/index.ts';
import { commsInputs } from '../../../src/render/comms/inputs.ts';
import {
  type CommsAnswers,
  commsVariables,
  commsWarnings,
  renderWithComms,
} from '../../../src/render/comms/variables.ts';
import { ask, type Prompter } from '../../../src/step/ask.ts';
import { known, later } from '../../../src/step/content.ts';
import { list, optionalText } from '../../../src/step/input.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const tokenFor = (endpoint: string) => Buffer.from(JSON.stringify({ broker: { endpoint } })).toString('base64');
const read = (endpoint: string) => readToken(Buffer.from(tokenFor(endpoint)));
const answers = (given: Partial<CommsAnswers> = {}): CommsAnswers => ({
  env: [],
  'worker-comms': 'poll',
  'worker-comms-url': undefined,
  ...given,
});
const polling = (url: string) => ({ SPACELIFT_WORKER_COMMS_PROTOCOL: 'poll', SPACELIFT_WORKER_COMMS_URL: url });
const missing = expect.objectContaining({
  code: 'SPACECTL_MISSING_INPUT',
  exitCode: 2,
  message: expect.stringContaining('--worker-comms-url'),
  suggestions: [
    { text: expect.stringContaining('--worker-comms-url https://') },
    { text: expect.stringContaining('--worker-comms unset') },
  ],
});

describe('the URL that workers poll', () => {
  test.each<[string, Partial<CommsAnswers>, string | undefined, string]>([
    ['standard without a token', {}, undefined, 'https://app.spacelift.io'],
    ['standard by the token', {}, 'worker-iot.spacelift.io', 'https://app.spacelift.io'],
    ['by AWS IoT', {}, 'a1b2-ats.iot.eu-west-1.amazonaws.com:443', 'https://app.spacelift.io'],
    ["standard by a token of Spacelift's own developers", {}, 'worker-iot.spacelift.dev', 'https://app.spacelift.io'],
    ['US by the answer', { environment: 'us' }, undefined, 'https://app.us.spacelift.io'],
    ['US by the token', {}, 'ssl://worker-iot.us.spacelift.io:8883', 'https://app.us.spacelift.io'],
    ['US by the domain', { domain: 'us.spacelift.io' }, undefined, 'https://app.us.spacelift.io'],
    ['an answer before the token', { environment: 'standard' }, 'b.fedramp.spacelift.io', 'https://app.spacelift.io'],
    [
      'given, for FedRAMP',
      { environment: 'fedramp', 'worker-comms-url': 'https://f.example' },
      undefined,
      'https://f.example',
    ],
    [
      'given as a variable',
      { env: [['SPACELIFT_WORKER_COMMS_URL', 'https://s.example/']], domain: 'example.com' },
      undefined,
      'https://s.example/',
    ],
  ])('%s', (_name, given, endpoint, url) => {
    expect(commsVariables(answers(given), endpoint === undefined ? undefined : read(endpoint))).toEqual(polling(url));
  });

  test.each<[string, Partial<CommsAnswers>, string | undefined]>([
    ['FedRAMP by the answer', { environment: 'fedramp' }, undefined],
    ['FedRAMP by the token', {}, 'x.fedramp.spacelift.io'],
    ["a launcher of one's own", { 'launcher-sha256': 'a'.repeat(64) }, undefined],
    ['a launcher from elsewhere', { 'launcher-from': 's3://b/l' }, 'worker-iot.spacelift.io'],
    ['another domain', { domain: 'spacelift.example.com' }, undefined],
    ['a self-hosted module', { 'self-hosted-launcher': 's3://bucket/launcher' }, undefined],
    ['a broker on port 1984', {}, 'tls://mqtt:1984'],
    ['a broker of another domain', {}, 'mqtt.example.com'],
    ['FedRAMP by a token of its developers', {}, 'x.fedramp.spacelift.dev'],
    ['a look-alike', {}, 'worker-iot.spacelift.io.example.com'],
    ['another look-alike', {}, 'mqtt.notspacelift.io'],
  ])('has to be given for %s', (_name, given, endpoint) => {
    const token = endpoint === undefined ? undefined : read(endpoint);
    expect(() => commsVariables(answers(given), token)).toThrow(missing);
    expect(commsVariables(answers({ ...given, 'worker-comms': 'unset' }), token)).toEqual({});
    expect(commsVariables(answers({ ...given, 'worker-comms': 'mqtt' }), token)).toEqual({
      SPACELIFT_WORKER_COMMS_PROTOCOL: 'mqtt',
    });
  });
});

test('MQTT comes with the date of its end, whichever way it is asked for', () => {
  const byVariable = answers({ env: [['SPACELIFT_WORKER_COMMS_PROTOCOL', 'mqtt']] });
  expect(commsVariables(byVariable, undefined)).toEqual({ SPACELIFT_WORKER_COMMS_PROTOCOL: 'mqtt' });
  for (const given of [byVariable, answers({ 'worker-comms': 'mqtt' })])
    expect(commsWarnings(given)).toEqual([expect.stringMatching(/end of 2026.*2027-01-01.*remove --/)]);
  expect(commsWarnings(answers())).toEqual([]);
  expect(
    commsWarnings(answers({ 'worker-comms': 'mqtt', env: [['SPACELIFT_WORKER_COMMS_PROTOCOL', 'poll']] })),
  ).toEqual([]);
});

describe('what holds the variables', () => {
  const render = (variables: Readonly<Record<string, string>>) => Object.values(variables).join(' ');

  test('waits for a token that is still to be made', async () => {
    const token = later(async () => Buffer.from(tokenFor('worker-iot.us.spacelift.io')));
    const planner = { read: async () => token };
    const dir = await temporaryFolder();
    const content = await renderWithComms({ ...answers(), dir }, planner, render);
    expect(content.isKnown).toBe(false);
    expect(String(Buffer.from(await content.bytes()))).toBe('poll https://app.us.spacelift.io');
    const named = await renderWithComms({ ...answers({ environment: 'us' }), dir }, planner, render);
    expect(named.isKnown).toBe(true);
  });

  test('is refused while planning where the token is known and its server is not', async () => {
    const dir = await temporaryFolder();
    const planner = { read: async () => known(tokenFor('mqtt.example.com:1984')) };
    await expect(renderWithComms({ ...answers(), dir }, planner, render)).rejects.toThrow(missing);
  });
});

describe('--worker-comms-url', () => {
  const inputs = {
    dir: optionalText({ summary: 'Folder', parse: String }),
    env: list({ summary: 'Variables', parse: String }),
    environment: optionalText({ summary: 'E', parse: String }),
    ...commsInputs,
  };
  const askFor = (flags: Record<string, string[]>, prompter?: Prompter) =>
    ask(inputs, { flags, environment: {}, answersFile: {} }, { prompter });

  test.each([
    ['https://spacelift.example.com', 'https://spacelift.example.com'],
    ['https://Spacelift.example.com/', 'https://spacelift.example.com'],
    ['https://10.0.0.1:8443/', 'https://10.0.0.1:8443'],
    ['https://[2001:db8::1]', 'https://[2001:db8::1]'],
  ])('takes %s', async (given, value) => {
    expect((await askFor({ 'worker-comms-url': [given] })).values['worker-comms-url']).toBe(value);
  });

  test.each([
    ['http://spacelift.example.com', '"http://spacelift.example.com/"', 'https://spacelift.example.com'],
    ['spacelift.example.com', '"spacelift.example.com"', 'https://'],
    ['https://spacelift.example.com/graphql', '/graphql"', 'https://spacelift.example.com'],
    ['https://a:hush@spacelift.example.com', '"https://spacelift.example.com/"', 'https://spacelift.example.com'],
    ['https://spacelift.example.com?token=hush', '"https://spacelift.example.com/"', 'https://spacelift.example.com'],
    ['https://', '"https://"', 'https://'],
  ])('refuses %s', async (given, shown, suggestion) => {
    const error = await askFor({ 'worker-comms-url': [given] }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'SPACECTL_BAD_INPUT',
      message: expect.stringContaining(shown),
      suggestions: [{ text: expect.stringContaining(suggestion) }],
    });
    expect(JSON.stringify(error) + String(error)).not.toContain('hush');
  });

  test('has no part beside MQTT', async () => {
    const flags = { 'worker-comms': ['mqtt'], 'worker-comms-url': ['https://spacelift.example.com'] };
    await expect(askFor(flags)).rejects.toMatchObject({ code: 'SPACECTL_BAD_INPUT' });
  });

  test('is asked for where only the user knows it, and cannot be left empty there', async () => {
    const asked: string[] = [];
    const prompter: Prompter = {
      async ask(name, _input, _initial, check) {
        asked.push(name);
        expect(await check([])).toContain('--worker-comms-url');
        return ['https://spacelift.example.com'];
      },
    };
    const dir = await temporaryFolder();
    await askFor({ dir: [dir] }, prompter);
    expect(asked).toEqual([]);
    await askFor({ dir: [dir], environment: ['fedramp'] }, prompter);
    await writeFile(path.join(dir, 'worker-pool.config'), tokenFor('mqtt.example.com:1984'));
    await askFor({ dir: [dir], 'worker-comms': ['unset'] }, prompter);
    const { values } = await askFor({ dir: [dir] }, prompter);
    expect(asked).toEqual(['worker-comms-url', 'worker-comms-url']);
    expect(values['worker-comms-url']).toBe('https://spacelift.example.com');
  });
});
