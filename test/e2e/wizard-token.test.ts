import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { snapshot } from '../services/snapshot.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

import {
  converse,
  EXAMPLE_CA,
  editLine,
  enterWrong,
  filesOnly,
  poolWithKey,
  QUESTIONS,
  withTmux,
  wizard,
} from '../services/wizard.ts';

withTmux(
  'the wizard refuses a damaged token and one for another key and says what to do, then embeds the right one',
  async () => {
    const cwd = await temporaryFolder();
    const [dir, other] = [await poolWithKey(cwd), await poolWithKey(cwd, 'strange')];
    const [own, strange] = [path.join(cwd, 'own.config'), path.join(cwd, 'strange.config')];
    await writeFile(own, await makeToken({ key: path.join(dir, 'spacelift.key') }));
    await writeFile(strange, await makeToken({ key: path.join(other, 'spacelift.key') }));
    const terminal = await wizard(cwd, '--offline');
    await converse(terminal, [
      ['folder', 'pool'],
      ['goal', filesOnly('Space', 'Down', 'Space')],
    ]);
    await terminal.waitFor(QUESTIONS.token);
    await enterWrong(terminal, 'hush-not-a-token', 'This is not a worker pool token');
    expect(await terminal.screen()).not.toContain('hush');
    await terminal.enter('strange.config');
    await terminal.waitFor('was not made for the key');
    await terminal.waitFor('Copy the key that the pool was created with');
    await terminal.press('C-u');
    await terminal.enter('own.config');
    await terminal.waitFor('made for this key, broker worker-iot.spacelift.io');
    await converse(terminal, [['ca', '']]);
    await editLine(terminal, 'cloud', ['Down', 'Enter']);
    await editLine(terminal, 'embed-secrets', 'y');
    await converse(terminal, [['review', '']]);
    expect(await terminal.ended()).toBe(0);
    const files = await snapshot(dir);
    expect(files['worker-pool.config']).toMatch(/^600 /);
    expect(files['cloud-init.yaml']).toMatch(/^600 /);
    expect(Object.keys(files).filter((name) => name.startsWith('systemd'))).toEqual([]);
    const document = parse(await readFile(path.join(dir, 'cloud-init.yaml'), 'utf8'));
    expect(JSON.stringify(document)).toContain('secrets.env');
    expect(parse(await readFile(path.join(dir, 'spacectl.yaml'), 'utf8'))).toEqual({
      pool: { offline: true },
      hosts: { target: ['cloud-init'] },
      'cloud-init': { cloud: 'ec2', 'embed-secrets': true },
    });
  },
);

withTmux('a pasted token is never shown and only its owner may read it; the next run says that it exists', async () => {
  const cwd = await temporaryFolder();
  const dir = await poolWithKey(cwd);
  const token = await makeToken({ key: path.join(dir, 'spacelift.key') });
  const flags = ['--offline', '--dir', 'pool', '--target', 'cloud-init', '--cloud', 'plain'];
  const terminal = await wizard(cwd, ...flags);
  await converse(terminal, [
    ['token', token],
    ['ca', ''],
    ['review', ''],
  ]);
  expect(await terminal.ended()).toBe(0);
  expect((await terminal.screen()).replaceAll('\n', '')).not.toContain(token.slice(20, 60));
  expect(await readFile(path.join(dir, 'worker-pool.config'), 'utf8')).toBe(token);
  const before = await snapshot(dir);
  expect(before).toMatchObject({
    'cloud-init.yaml': expect.stringMatching(/^644 /),
    'secrets.env': expect.stringMatching(/^600 /),
    'worker-pool.config': expect.stringMatching(/^600 /),
  });

  const again = await wizard(cwd, ...flags);
  await converse(again, [['ca', '']]);
  expect(await again.waitFor('Enter finishes')).toMatch(/✔ token-file +pool\/worker-pool\.config +saved/);
  await again.enter();
  expect(await again.ended()).toBe(0);
  expect(await snapshot(dir)).toEqual(before);
});

withTmux('with a FedRAMP token the wizard asks which server workers poll, and takes no empty answer', async () => {
  const cwd = await temporaryFolder();
  const dir = await poolWithKey(cwd);
  const token = await makeToken({ key: path.join(dir, 'spacelift.key'), endpoint: 'worker-iot.fedramp.spacelift.io' });
  await writeFile(path.join(dir, 'worker-pool.config'), token);
  const terminal = await wizard(cwd, '--offline', '--ca', EXAMPLE_CA);
  await converse(terminal, [
    ['folder', 'pool'],
    ['goal', ''],
  ]);
  await terminal.waitFor(QUESTIONS.comms);
  await enterWrong(terminal, '', 'Missing --worker-comms-url');
  await enterWrong(terminal, 'http://spacelift.example.gov', 'Pass only the scheme and the host');
  await converse(terminal, [
    ['comms', 'https://spacelift.example.gov/'],
    ['review', ''],
  ]);
  expect(await terminal.ended()).toBe(0);
  expect(await readFile(path.join(dir, 'systemd/launcher.env'), 'utf8')).toContain(
    'SPACELIFT_WORKER_COMMS_URL=https://spacelift.example.gov\n',
  );
  expect(parse(await readFile(path.join(dir, 'spacectl.yaml'), 'utf8'))).toMatchObject({
    hosts: { 'worker-comms-url': 'https://spacelift.example.gov/' },
  });
});
