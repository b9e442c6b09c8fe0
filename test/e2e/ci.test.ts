import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { startGitServer } from '../services/git-server.ts';
import { poolCheckout } from '../services/pool-checkout.ts';
import { environmentOf, PROGRAM } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { runAction } from '../services/workflow.ts';

/** Where the action is: a fresh clone with `TEST_WHOLE=1`, which it then has to build. */
async function actionFolder(): Promise<string> {
  if (!process.env['TEST_WHOLE']) return process.cwd();
  const clone = path.join(await temporaryFolder(), 'clone');
  await execa('git', ['clone', '--quiet', process.cwd(), clone]);
  return clone;
}

test('the GitHub action builds again what is stale, and leaves the change to the workflow', {
  timeout: 300_000,
}, async () => {
  const { dir, git, changeImage } = await poolCheckout();
  const folder = await actionFolder();
  const run = (inputs: Readonly<Record<string, string>> = {}) =>
    runAction(folder, { directory: 'pool', ...inputs }, { cwd: dir, env: environmentOf() });
  expect((await run()).outputs).toEqual({ changed: 'false', 'needs-attention': 'true' });

  await changeImage();
  const looked = await run({ update: 'false' });
  expect(looked.outputs).toMatchObject({ changed: 'false' });
  expect(looked.stdout).toMatch(/^::warning.*custom-ca-bundle\.crt/m);

  const updated = await run({ program: PROGRAM });
  expect(updated.outputs).toEqual({ changed: 'true', 'needs-attention': 'true' });
  expect(updated.stdout).not.toContain('custom-ca-bundle.crt');
  expect(await git('diff', '--name-only', '--', 'pool')).toContain('pool/systemd/custom-ca-bundle.crt');
  await git('commit', '--quiet', '--all', '--message', 'freshen');
  expect((await run()).outputs).toMatchObject({ changed: 'false' });
});

test('the GitHub action fails if the directory cannot be read', async () => {
  const cwd = await temporaryFolder();
  await writeFile(path.join(cwd, 'spacectl.yaml'), 'pool: [');
  await expect(runAction(process.cwd(), {}, { cwd, env: environmentOf() })).rejects.toThrow(/exit code 78/);
});

test('the job for GitLab does the same, and pushes a branch with a merge request', { timeout: 180_000 }, async () => {
  const { dir, git, changeImage } = await poolCheckout();
  await changeImage();
  await git('commit', '--quiet', '--all', '--message', 'image');
  const [temporary, bare] = [await temporaryFolder(), path.join(await temporaryFolder(), 'project.git')];
  await execa('git', ['clone', '--quiet', '--bare', dir, bare]);
  await execa('git', ['-C', bare, 'config', 'receive.advertisePushOptions', 'true']);
  const hook = path.join(bare, 'hooks/post-receive');
  await writeFile(hook, '#!/bin/sh\necho "$GIT_PUSH_OPTION_0" > merge-request\n', { mode: 0o755 });
  await mkdir(path.join(dir, 'tools'));
  await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', path.join(dir, 'tools')]);
  const server = await startGitServer(path.dirname(bare), { username: 'oauth2', password: 'a-push-token' });
  const trace = path.join(temporary, 'git-trace');
  const { 'spacectl-status': job } = parse(await readFile('docs/ci/gitlab-ci.yml', 'utf8'));
  const prefix = path.join(temporary, 'npm');
  const env = {
    ...environmentOf({ CI: 'true' }),
    PATH: `${prefix}/bin:${process.env['PATH']}`,
    npm_config_prefix: prefix,
    npm_config_offline: 'true',
    GIT_TRACE: trace,
    POOL: 'pool',
    PUSH_TOKEN: 'a-push-token',
    CI_SERVER_URL: server,
    CI_PROJECT_PATH: 'project',
  };
  // As GitLab's runner writes scripts (gitlab-org/gitlab-runner, shells/bash.go).
  const script = ['set -eo pipefail', ...job.script].join('\n');
  await execa('bash', ['-c', script], { cwd: dir, env, extendEnv: false });
  const traced = await readFile(trace, 'utf8');
  expect(traced).toContain('merge_request.create');
  expect(traced).not.toContain('a-push-token');
  const changed = await execa('git', ['-C', bare, 'diff', '--name-only', 'main', 'spacectl-pool']);
  expect(changed.stdout.split('\n')).toEqual(
    expect.arrayContaining(['pool/custom-ca-bundle.crt', 'pool/systemd/custom-ca-bundle.crt']),
  );
  expect(await readFile(path.join(bare, 'merge-request'), 'utf8')).toBe('merge_request.create\n');
  expect(JSON.parse(await readFile(path.join(dir, 'code-quality.json'), 'utf8'))).toContainEqual(
    expect.objectContaining({ check_name: expect.any(String) }),
  );
  // Nothing is left to do but what a person does: nothing is pushed.
  await execa('git', ['-C', bare, 'branch', '-D', 'spacectl-pool']);
  await execa('bash', ['-c', script], { cwd: dir, env, extendEnv: false });
  expect((await execa('git', ['-C', bare, 'branch'])).stdout).not.toContain('spacectl-pool');
});
