import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { makeEcsPool } from '../services/ecs-pool.ts';
import { testWith } from '../services/programs.ts';
import { startSecretsManager } from '../services/secrets-manager.ts';

const MINUTES = 60_000;

testWith('terraform', 'aws')(
  'secrets that a cloud lacks are stored first, with the AWS CLI',
  async () => {
    const { dir, deploy, changes, left, stored, spacelift } = await makeEcsPool();
    const { secrets, operations, denied, environment } = await startSecretsManager();
    const run = (...flags: readonly string[]) => deploy(flags, { ...environment, PATH: process.env['PATH'] ?? '' });
    spacelift.addWorker(stored);
    const key = `spacelift/${stored.id.toLowerCase()}/private-key`;
    // Names are found wherever Terraform finds them.
    await writeFile(path.join(dir, 'ecs/names.auto.tfvars'), 'token_secret_name = "elsewhere"\n');

    const dry = await run('--dry-run');
    expect(dry.exitCode, String(dry.stderr)).toBe(0);
    for (const name of ['elsewhere', key]) expect(dry.stdout).toContain(`Store the secret ${name} in Secrets Manager`);
    expect(dry.stdout).toContain('Terraform can only plan after the secrets are stored');
    expect(secrets.size).toBe(0);

    const done = await run('--yes', '--wait', '1', '--verbose');
    expect(done.exitCode, String(done.stderr)).toBe(0);
    const values = {
      elsewhere: (await readFile(path.join(dir, 'worker-pool.config'), 'utf8')).trim(),
      [key]: (await readFile(path.join(dir, 'spacelift.key'))).toString('base64'),
    };
    expect(Object.fromEntries(secrets)).toEqual(values);
    for (const secret of Object.values(values)) expect(`${done.stdout}${done.stderr}`).not.toContain(secret);
    expect(done.stdout).toContain('fleet has 1 worker');
    expect(await left()).toEqual([]);
    const made = await changes();

    // What is right is left alone, and a value that was replaced is stored with the same yes as the rest.
    secrets.set('elsewhere', 'of another pool');
    operations.length = 0;
    const replaced = await run('--yes', '--wait', '1');
    expect(replaced.exitCode, String(replaced.stderr)).toBe(0);
    expect(Object.fromEntries(secrets)).toEqual(values);
    expect(operations).toEqual(['GetSecretValue', 'GetSecretValue', 'PutSecretValue']);
    expect(await changes()).toBe(made);

    denied.add('GetSecretValue');
    const blind = await run('--wait', '1');
    expect(blind.exitCode, String(blind.stderr)).toBe(0);
    expect(String(blind.stdout).replaceAll(/\s+/g, ' ')).toMatch(
      /elsewhere in Secrets Manager was not compared: aws: .*AccessDeniedException/,
    );
    denied.delete('GetSecretValue');
    denied.add('CreateSecret');
    secrets.clear();
    const refused = await run('--yes');
    expect(refused).toMatchObject({
      exitCode: 69,
      stderr: expect.stringMatching(/not stored in Secrets Manager\. aws: .*AccessDeniedException/s),
    });
  },
  4 * MINUTES,
);
