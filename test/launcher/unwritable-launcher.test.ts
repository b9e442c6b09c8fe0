import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { program } from '../services/download-host.ts';
import { NAMESPACES, testWith } from '../services/programs.ts';
import { SPOILED, withSpoiled } from '../services/spoiled.ts';
import { setUpUpdater } from '../services/updater.ts';

const test = testWith(NAMESPACES, 'unshare', 'mount', 'gpg', 'curl', 'dash');

test.each(SPOILED)('the verified launcher stays where its directory is %s', async (how) => {
  const host = await setUpUpdater(['dash']);
  await host.publish(program('one'));
  await host.run();
  const bin = path.dirname(host.destination);
  host.within.push(...withSpoiled(how, bin));
  const same = await host.run();
  expect({ exitCode: same.exitCode, stderr: same.stderr }).toMatchObject({ exitCode: 0 });
  expect(await host.result()).toBe('current');
  await host.publish(program('two'));
  const older = await host.run();
  expect({ exitCode: older.exitCode, stderr: older.stderr }).toMatchObject({ exitCode: 0 });
  expect(older.stderr).toContain('keeping the launcher that was verified earlier');
  expect(await host.result()).toBe('kept');
  expect(await host.run({}, '--require-update')).toMatchObject({ exitCode: 1 });
  expect(await host.result()).toBe('failed');
  host.within.length = 0;
  expect(await readFile(host.destination)).toEqual(program('one'));
  expect(await readdir(bin)).toEqual(['spacelift-launcher']);
});

test.each(SPOILED)('where the state is %s as well, that is reported and no reason not to start', async (how) => {
  const host = await setUpUpdater(['dash']);
  await host.publish(program('one'));
  await host.run();
  host.within.push(...withSpoiled(how, path.dirname(host.destination)), ...withSpoiled(how, host.state));
  for (const word of ['one', 'two']) {
    await host.publish(program(word));
    const run = await host.run();
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toContain(`cannot write ${host.state}/launcher-update`);
  }
});
