import { expect, test } from 'vitest';
import { endpointsFor } from '../../src/host/doctor/endpoints.ts';
import { type Comms, inferEnvironment } from '../../src/host/doctor/facts/installation.ts';

const polling: Comms = { protocol: 'poll', origin: 'set', url: 'https://app.spacelift.io' };
const mqtt: Comms = { protocol: 'mqtt', origin: 'unset' };
const token = (endpoint: string) => ({ endpoint, isFedRamp: endpoint.includes('.fedramp.'), certificates: [] });

function hosts(given: Partial<Parameters<typeof endpointsFor>[0]>): readonly string[] {
  const nothing = { environment: 'standard', account: undefined, token: undefined, comms: polling, more: [] } as const;
  return endpointsFor({ ...nothing, ...given }).map(({ host }) => host);
}

test('workers that poll need no broker, and those on MQTT do', () => {
  const broker = token('ssl://a1-ats.iot.eu-west-1.amazonaws.com:8883');
  const polled = hosts({ token: broker, account: 'acme' });
  expect(polled).toEqual(
    expect.arrayContaining(['app.spacelift.io', 'acme.app.spacelift.io', 'downloads.spacelift.io']),
  );
  expect(polled.filter((host) => host.includes('iot'))).toEqual([]);
  const before = hosts({ comms: { protocol: 'poll', origin: 'not installed' } });
  expect(before).toContain('app.spacelift.io');
  expect(before).not.toContain('worker-iot.spacelift.io');
  const connected = hosts({ token: broker, comms: mqtt });
  expect(connected).toEqual(
    expect.arrayContaining(['app.spacelift.io', 'worker-iot.spacelift.io', 'a1-ats.iot.eu-west-1.amazonaws.com']),
  );
  expect(hosts({ environment: 'us', comms: mqtt })).toContain('worker-iot.us.spacelift.io');
});

test('the server that is polled is tried at its port, once, and before all others', () => {
  const comms: Comms = { protocol: 'poll', origin: 'set', url: 'https://gov.example.com:8443' };
  const fedramp = hosts({ environment: 'fedramp', comms, token: token('worker-iot.fedramp.spacelift.io') });
  expect(fedramp).toEqual(expect.arrayContaining(['gov.example.com:8443', 'downloads.spacelift.io']));
  expect(fedramp[0]).toBe('gov.example.com:8443');
  expect(fedramp.some((host) => host.startsWith('worker-iot'))).toBe(false);
  expect(hosts({}).filter((host) => host === 'app.spacelift.io')).toHaveLength(1);
});

test('the server that is polled tells the environment where no token can be read', () => {
  expect(inferEnvironment(undefined, { url: 'https://app.us.spacelift.io' })).toBe('us');
  expect(inferEnvironment(token('worker-iot.us.spacelift.io'), polling)).toBe('us');
  expect(inferEnvironment(undefined, polling)).toBe('standard');
  expect(inferEnvironment(undefined, {})).toBe('standard');
});

test("a self-hosted worker is not held against the list of Spacelift's own servers", () => {
  const comms: Comms = { protocol: 'poll', origin: 'set', url: 'https://spacelift.example.com' };
  expect(hosts({ comms, more: ['git.example.com'] })).toEqual([
    'spacelift.example.com',
    'public.ecr.aws',
    'git.example.com',
  ]);
  expect(hosts({ comms: mqtt, token: token('mqtt.example.com:1984') })).toEqual(['public.ecr.aws']);
});
