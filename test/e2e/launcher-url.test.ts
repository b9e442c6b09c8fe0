import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

test.each([
  ['worker-iot.spacelift.io', 'https://downloads.spacelift.io/spacelift-launcher-aarch64'],
  ['ssl://worker-iot.us.spacelift.io:8883', 'https://downloads.us.spacelift.io/spacelift-launcher-aarch64'],
  ['worker-iot.fedramp.spacelift.io', 'https://downloads.spacelift.io/spacelift-launcher-fedramp-aarch64'],
])('the broker in the token decides where the launcher is downloaded: %s', async (endpoint, url) => {
  const folder = await temporaryFolder();
  const token = Buffer.from(JSON.stringify({ broker: { endpoint } })).toString('base64');
  await writeFile(path.join(folder, 'worker-pool.config'), token);
  const inFolder = await spacectl(['launcher', 'url', '--arch', 'arm64'], { cwd: folder });
  expect(inFolder.stdout).toBe(url);
  const given = await spacectl(['launcher', 'url', '--arch', 'arm64', '--token-file', '-'], {
    input: token,
    stdin: 'pipe',
  });
  expect(given.stdout).toBe(url);
});

test('what is rendered for a host downloads from the domain of the token, unless another is given', async () => {
  const folder = await temporaryFolder();
  const broker = { endpoint: 'worker-iot.us.spacelift.io' };
  await writeFile(path.join(folder, 'worker-pool.config'), Buffer.from(JSON.stringify({ broker })).toString('base64'));
  const script = path.join(folder, 'systemd/spacelift-update-launcher');
  expect(await spacectl(['render', 'systemd', '--dir', folder])).toMatchObject({ exitCode: 0 });
  expect(await readFile(script, 'utf8')).toContain("\ndomain='us.spacelift.io'\n");
  const url = 'https://spacelift.example.com';
  const fedramp = ['--environment', 'fedramp', '--domain', 'mirror.example.com', '--worker-comms-url', url];
  await spacectl(['render', 'systemd', '--dir', folder, ...fedramp]);
  expect(await readFile(script, 'utf8')).toContain("\ndomain='mirror.example.com'\nvariant='-fedramp'\n");
});
