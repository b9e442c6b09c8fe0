import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { putKeyPair } from './key-pair.ts';
import { spacectl } from './program.ts';
import { startSpacelift } from './spacelift.ts';
import { temporaryFolder } from './temporary.ts';
import { CHANGES } from './terraform.ts';
import { offlineProviders } from './terraform-providers.ts';
import { makeToken } from './token.ts';

/** A pool whose hosts are on ECS: no module of Spacelift's takes part, so that everything is planned as in production. */
export async function makeEcsPool(backend = '') {
  const spacelift = await startSpacelift();
  const stored = spacelift.addPool({ name: 'fleet' });
  const dir = path.join(await temporaryFolder(), 'pool');
  await putKeyPair(dir);
  await writeFile(path.join(dir, 'worker-pool.config'), await makeToken({ key: path.join(dir, 'spacelift.key') }));
  await writeFile(path.join(dir, 'spacectl.yaml'), `pool:\n  id: ${stored.id}\nhosts:\n  target: [ecs]\n`);
  const applied = await spacectl(['apply', dir]);
  expect(applied, String(applied.stderr)).toMatchObject({ exitCode: 0 });
  const folder = path.join(dir, 'ecs');
  await copyFile(path.join(folder, 'terraform.tfvars.example'), path.join(folder, 'terraform.tfvars'));
  if (backend) await writeFile(path.join(folder, 'backend.tf'), backend);
  await offlineProviders(folder);
  // Secrets are a matter of their own (deploy-secrets.test.ts).
  const bin = path.join(await temporaryFolder(), 'bin');
  await mkdir(bin);
  await writeFile(path.join(bin, 'aws'), '#!/bin/sh\necho "no access" >&2\nexit 254\n', { mode: 0o755 });
  const env = {
    ...spacelift.environment,
    PATH: `${bin}:${process.env['PATH']}`,
    CHECKPOINT_DISABLE: '1',
    // Where CI runs the tests, state in a file would be refused.
    CI: 'false',
    TF_CLI_CONFIG_FILE: path.join(folder, '.terraformrc'),
    PROVIDER_LOG: path.join(folder, CHANGES),
    TMPDIR: await temporaryFolder(),
  };
  /** Directories with saved plans that were left behind. */
  const left = async () => (await readdir(env.TMPDIR)).filter((name) => name.startsWith('spacectl-'));
  const deploy = (flags: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    spacectl(['deploy', dir, ...flags], { env: { ...env, ...more } });
  const changes = async () =>
    existsSync(env.PROVIDER_LOG) ? (await readFile(env.PROVIDER_LOG, 'utf8')).split('\n').length - 1 : 0;
  return { dir, folder, deploy, changes, left, stored, spacelift, env };
}
