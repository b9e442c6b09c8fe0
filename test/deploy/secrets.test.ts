import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { planSecrets } from '../../src/deploy/secrets/plan.ts';
import { SECRET_STORES } from '../../src/deploy/secrets/stores.ts';
import { createPlanner } from '../../src/step/plan.ts';
import { startHttpServer } from '../services/http-server.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const { signal } = new AbortController();

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A pool's directory with a configuration for a cloud, and what plans its secrets. */
async function makeConfiguration(target: string, variables: Readonly<Record<string, string>>) {
  const dir = await temporaryFolder();
  const folder = path.join(dir, target);
  await mkdir(folder);
  await writeFile(path.join(folder, 'variables.tf'), 'variable "token_secret_name" {\n}\n');
  await writeFile(path.join(dir, 'worker-pool.config'), 'dG9rZW4tb2YtdGhlLXBvb2w=\n');
  const store = SECRET_STORES[target];
  if (!store) throw new Error(target);
  const evaluate = async () => ({ ...variables, token_secret_name: 'spacelift-demo-token' });
  const plan = () =>
    planSecrets({ dir, folder, store, evaluate }, createPlanner({ step: 'deploy', planned: [], signal }));
  const storeAll = async () => {
    const { changes, warnings } = await plan();
    for (const change of changes) await change.run(signal, () => {});
    return { changes: changes.map(({ title }) => title), warnings };
  };
  return { dir, plan, store: storeAll };
}

const TOKEN = 'dG9rZW4tb2YtdGhlLXBvb2w=';

/**
 * Stands in for the Azure CLI (Azure/azure-cli@dev, src/azure-cli/azure/cli/command_modules/keyvault/_help.py): `show` of a
 * missing secret fails with the code that Key Vault gives, SecretNotFound. `set` of a deleted one fails with five lines, as
 * azure-core prints a service's error.
 */
const AZ = `#!/bin/sh
echo "$*" >>"$0.log"
for word; do case $word in --file) next=file ;; *) [ "\${next:-}" = file ] && file=$word; next= ;; esac; done
case $3 in
  show) cat "$0.secret" 2>/dev/null || { echo "ERROR: (SecretNotFound) A secret with (name/id) x was not found" >&2; exit 3; } ;;
  set) [ ! -e "$0.deleted" ] || { cat "$0.deleted" >&2; exit 1; }
    stat -c %a "$file" >"$0.mode"; cat "$file" >"$0.secret" ;;
esac
`;

test('Key Vault: a secret is set from a private file, and left alone once it is right', async () => {
  const { dir, store } = await makeConfiguration('terraform-azure', { key_vault_name: 'safe' });
  const az = path.join(dir, 'az');
  await writeFile(az, AZ);
  await chmod(az, 0o755);
  vi.stubEnv('PATH', `${dir}:${process.env['PATH']}`);
  expect(await store()).toEqual({
    changes: ['Store the secret spacelift-demo-token in Key Vault'],
    warnings: [],
  });
  expect(await readFile(`${az}.secret`, 'utf8')).toBe(TOKEN);
  expect(await readFile(`${az}.mode`, 'utf8')).toBe('600\n');
  expect(await store()).toEqual({ changes: [], warnings: [] });
  await writeFile(`${az}.secret`, 'of another pool');
  expect((await store()).changes).toEqual([
    'Replace the secret spacelift-demo-token in Key Vault: it has another value',
  ]);
  const log = await readFile(`${az}.log`, 'utf8');
  expect(log).toContain('keyvault secret set --vault-name safe --name spacelift-demo-token --file ');
  expect(log).not.toContain(TOKEN);
});

const DELETED = `ERROR: (Conflict) Secret x is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.
Code: Conflict
Message: Secret x is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.
Inner error: {
    "code": "ObjectIsDeletedButRecoverable"
}
`;

test('Key Vault: of a refusal, the line that tells the cause is shown', async () => {
  const { dir, store } = await makeConfiguration('terraform-azure', { key_vault_name: 'safe' });
  await writeFile(path.join(dir, 'az'), AZ, { mode: 0o755 });
  await writeFile(path.join(dir, 'az.deleted'), DELETED);
  vi.stubEnv('PATH', `${dir}:${process.env['PATH']}`);
  await expect(store()).rejects.toThrow(
    'not stored in Key Vault. az: Secret x is currently in a deleted but recoverable state, and its name',
  );
});

test('a CLI that is missing or fails is a warning', async () => {
  const { dir, plan } = await makeConfiguration('terraform-azure', { key_vault_name: 'safe' });
  vi.stubEnv('PATH', dir);
  expect((await plan()).warnings).toEqual([expect.stringContaining('not compared: az is not installed')]);
  await writeFile(path.join(dir, 'az'), '#!/bin/sh\necho "ERROR: Please run az login" >&2\nexit 1\n', { mode: 0o755 });
  vi.stubEnv('PATH', `${dir}:/usr/bin:/bin`);
  expect((await plan()).warnings).toEqual([expect.stringContaining('not compared: az: Please run az login')]);
});

test('Secrets Manager: the key that a configuration has is the one that encrypts its secrets', async () => {
  const aws = `#!/bin/sh\necho "$*" >>"$0.log"\ncase $2 in get-*) echo '(ResourceNotFoundException)' >&2; exit 254 ;; esac\n`;
  const key = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd';
  const { dir, store } = await makeConfiguration('ecs', { region: 'eu-west-1', kms_key_arn: key });
  await writeFile(path.join(dir, 'aws'), aws, { mode: 0o755 });
  vi.stubEnv('PATH', `${dir}:${process.env['PATH']}`);
  expect((await store()).warnings).toEqual([]);
  expect(await readFile(path.join(dir, 'aws.log'), 'utf8')).toContain(`--region eu-west-1 --kms-key-id ${key}`);
});

// Four runs of the real program.
const wholeOnly = process.env['TEST_WHOLE'] ? testWith('gcloud') : test.skip;

wholeOnly(
  'Secret Manager: the real CLI creates, adds a version and reads',
  async () => {
    const versions = new Map<string, string[]>();
    // https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets
    const { url } = await startHttpServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
      const [, project, , id = searchParams.get('secretId') ?? ''] =
        /^\/v1\/projects\/([^/]+)\/secrets(\/([^/:]+))?/.exec(pathname) ?? [];
      const name = `projects/${project}/secrets/${id}`;
      const answer = (status: number, content: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
      const all = versions.get(id);
      if (pathname.endsWith(':access')) {
        const data = all?.at(-1);
        if (data === undefined)
          return answer(404, {
            error: { code: 404, message: `Secret [${name}] not found or has no versions.`, status: 'NOT_FOUND' },
          });
        return answer(200, { name: `${name}/versions/${all?.length}`, payload: { data } });
      }
      if (!pathname.endsWith(':addVersion')) {
        if (all)
          return answer(409, {
            error: { code: 409, message: `Secret [${name}] already exists.`, status: 'ALREADY_EXISTS' },
          });
        versions.set(id, []);
        return answer(200, { name });
      }
      all?.push(body.payload.data);
      return answer(200, { name: `${name}/versions/${all?.length}`, clientSpecifiedPayloadChecksum: true });
    });
    const { dir, store } = await makeConfiguration('terraform-gcp', { project: 'demo' });
    const settings = {
      CLOUDSDK_CONFIG: dir,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: `${url}/`,
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
    };
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    const stored = [Buffer.from(TOKEN).toString('base64')];
    expect((await store()).changes).toEqual(['Store the secret spacelift-demo-token in Secret Manager']);
    expect([...versions]).toEqual([['spacelift-demo-token', stored]]);
    expect(await store()).toEqual({ changes: [], warnings: [] });
    // A secret without a version is read as missing.
    versions.set('spacelift-demo-token', []);
    await store();
    expect([...versions]).toEqual([['spacelift-demo-token', stored]]);
  },
  120_000,
);
