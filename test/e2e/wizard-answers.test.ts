import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { buildImage, file, pushImage } from '../services/image.ts';
import { PROGRAM, spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startRegistry } from '../services/registry.ts';
import { snapshot } from '../services/snapshot.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';

import { converse, EXAMPLE_CA, editLine, filesOnly, poolWithKey, withTmux, wizard } from '../services/wizard.ts';

testWith('tmux', 'docker-registry')(
  'the wizard takes the bundle from a registry, and saves the answers for another try when that cannot be reached',
  async () => {
    const cwd = await temporaryFolder();
    const bundle = await readFile('/etc/ssl/certs/ca-certificates.crt');
    const layers = [[file('etc/ssl/certs/ca-certificates.crt', bundle)]];
    const image = buildImage({ platform: { os: 'linux', architecture: 'amd64' }, layers });
    const registry = await startRegistry();
    const flags = ['--bits', '2048', '--dir', 'pool', '--pool', 'token', '--target', 'systemd'];
    const terminal = await wizard(cwd, ...flags);
    await converse(terminal, [['ca', EXAMPLE_CA]]);
    // The usual image cannot be reached, and the other one is not there yet.
    await terminal.waitFor(/Error: [\s\S]*edit the line "image" for another image/);
    await editLine(terminal, 'image', `${registry.host}/runner:v1`);
    await terminal.waitFor('Enter tries again');
    await terminal.press('Escape');
    await terminal.waitFor('it has your answers');
    expect(await terminal.ended()).toBe(0);
    expect(await readdir(path.join(cwd, 'pool'))).toEqual(['spacectl.yaml']);

    await pushImage(registry.url, 'runner', 'v1', image);
    const answers = ['apply', 'pool', '--json'];
    const run = await spacectl(answers, { cwd });
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    const built = await readFile(path.join(cwd, 'pool/custom-ca-bundle.crt'));
    expect(built.subarray(0, bundle.length)).toEqual(bundle);
    expect(built.length).toBeGreaterThan(bundle.length);
    expect(await readFile(path.join(cwd, 'pool/systemd/custom-ca-bundle.crt'))).toEqual(built);
  },
);

withTmux('Where the registry cannot be reached, the wizard goes on without the image', async () => {
  const cwd = await temporaryFolder();
  const flags = ['--bits', '2048', '--dir', 'pool', '--pool', 'token', '--target', 'systemd'];
  // A proxy that nothing answers at.
  const env = { HTTPS_PROXY: 'http://127.0.0.1:9' };
  const terminal = await openTerminal([process.execPath, PROGRAM, 'init', ...flags], { cwd, env });
  await converse(terminal, [['ca', EXAMPLE_CA]]);
  await terminal.waitFor(/Error: [\s\S]*choose\s+mozilla\s+on\s+the\s+line\s+"source"[\s\S]*Enter tries again/);
  await editLine(terminal, 'source', ['Up', 'Enter']);
  await terminal.waitFor(/source +mozilla +you[\s\S]*Enter applies/);
  await converse(terminal, [['review', '']]);
  expect(await terminal.ended()).toBe(0);
  expect(await readdir(path.join(cwd, 'pool'))).toContain('custom-ca-bundle.crt');
});

withTmux('the saved answers give the same files without a terminal', async () => {
  const cwd = await temporaryFolder();
  const dir = await poolWithKey(cwd);
  const terminal = await wizard(cwd, '--offline', '--env', 'SPACELIFT_DEBUG=true', '--env', 'PROXY=a "b" $c');
  await converse(terminal, [
    ['folder', 'pool'],
    ['goal', filesOnly('Down', 'Space')],
    ['token', ''],
    ['ca', EXAMPLE_CA],
  ]);
  await editLine(terminal, 'cloud', ['Down', 'Down', 'Down', 'Enter']);
  await converse(terminal, [['review', '']]);
  expect(await terminal.ended()).toBe(0);
  const made = await snapshot(dir);
  // Everything but the pair and the answers is made again, from the answers alone.
  const kept = ['spacelift.key', 'spacelift.csr', 'spacectl.yaml'];
  for (const name of await readdir(dir)) if (!kept.includes(name)) await rm(path.join(dir, name), { recursive: true });
  const again = await spacectl(['apply', 'pool', '--json'], { cwd });
  expect(again.exitCode).toBe(0);
  expect(await snapshot(dir)).toEqual(made);
});
