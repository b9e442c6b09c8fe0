import { chmod, copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { putKeyPair } from './key-pair.ts';
import { environmentOf, PROGRAM } from './program.ts';
import { startSpacelift } from './spacelift.ts';
import { temporaryFolder } from './temporary.ts';
import { makeToken } from './token.ts';

const POOL = '01HCC6QZ932J7WDF4FTVM9QMEP';
const WORKER = '01HCC7A0V5D3R9YB8XKQF2M6TN';
/** Nothing listens there: an example that asks the outside world gets this far and no further. */
const NOWHERE = 'http://127.0.0.1:9';

/** What `init` has saved: nothing in it leads to the network. */
const SAVED = `pool:\n  id: ${POOL}\nbundle:\n  ca: [../corporate-root.pem]\n  source: mozilla\nhosts:\n  target: [systemd]\n`;

/** A directory with everything that examples name, and a stand-in for Spacelift with the pool and the worker. */
export async function placeForExamples() {
  const cwd = await temporaryFolder();
  const at = (...names: readonly string[]) => path.join(cwd, ...names);
  await putKeyPair(at('my-pool'));
  const token = await makeToken({ key: at('my-pool/spacelift.key') });
  for (const folder of ['certificates', 'bin', 'home', 'media']) await mkdir(at(folder));
  for (const name of ['spacelift.key', 'spacelift.csr']) await copyFile(at('my-pool', name), at(name));
  for (const ending of ['key', 'csr']) await copyFile(at(`spacelift.${ending}`), at(`other.${ending}`));
  for (const name of ['corporate-root.pem', 'certificates/root.pem', 'old.crt'])
    await copyFile('docs/example-ca.pem', at(name));
  for (const name of ['worker-pool.config', `my-pool/worker-pool-${POOL}.config`])
    await writeFile(at(name), token, { mode: 0o600 });
  await copyFile(at('worker-pool.config'), at('my-pool/worker-pool.config'));
  await execa('openssl', ['crl2pkcs7', '-nocrl', '-certfile', at('corporate-root.pem'), '-out', at('corporate.p7b')]);
  await execa('sh', ['-c', 'base64 -w0 spacelift.key > encoded.txt'], { cwd });
  await writeFile(at('images.json'), JSON.stringify({ Images: [] }));
  await writeFile(at('answers.yaml'), 'pool:\n  x-note: none\n');
  await writeFile(at('secret.txt'), 'a secret of an API key\n');
  await writeFile(at('vault-password'), 'correct horse battery\n');
  for (const name of ['terminate-instance.sh', 'terminate.sh']) await writeProgram(at(name), 'exit 0');
  await writeProgram(at('bin/spacectl'), `exec '${process.execPath}' '${PROGRAM}' "$@"`);
  await writeProgram(at('bin/sudo'), 'exec "$@"');
  await writeProgram(at('bin/aws'), 'echo \'{"Images": []}\'');
  await writeProgram(at('bin/terraform'), 'echo \'{"format_version": "1.0", "values": {"root_module": {}}}\'');
  const server = await startSpacelift();
  const profile = { endpoint: server.url, type: 1, key_id: server.key.id, key_secret: server.key.secret };
  const profiles = { currentProfileAlias: 'acme', profiles: { acme: { alias: 'acme', credentials: profile } } };
  await mkdir(at('home/.spacelift'));
  const saveProfiles = () => writeFile(at('home/.spacelift/config.json'), JSON.stringify(profiles), { mode: 0o600 });
  await saveProfiles();
  const PATH = `${at('bin')}:${process.env['PATH']}`;
  const proxies = { HTTPS_PROXY: NOWHERE, HTTP_PROXY: NOWHERE, NO_PROXY: '127.0.0.1', CI: 'true', HOME: at('home') };
  const env = {
    ...environmentOf(),
    ...proxies,
    PATH,
    XDG_CACHE_HOME: at('home'),
    SECRET: server.key.secret,
    ID: server.key.id,
    ...server.environment,
    SPACELIFT_CONFIG_DIR: at('home/.spacelift'),
  };
  await execa(
    'spacectl',
    ['ca-bundle', 'build', '--dir', 'my-pool', '--ca', 'corporate-root.pem', '--source', 'mozilla'],
    { cwd, env, extendEnv: false },
  );
  await execa('sh', ['-c', 'cp my-pool/custom-ca-bundle.* .'], { cwd });
  await writeFile(at('my-pool/spacectl.yaml'), SAVED);
  await execa('sh', ['-c', 'base64 -w0 custom-ca-bundle.crt > custom-ca-bundle.crt.b64'], { cwd });
  return {
    env,
    /** Makes a copy to run one example in. */
    async renew(): Promise<string> {
      await saveProfiles();
      const pool = server.pools.get(POOL) ?? server.addPool({ id: POOL, name: 'build-eu' });
      // Whatever the examples before did, the pool's token is for the key of the directory.
      pool.tokens.push(token);
      if (!pool.workers.some(({ id }) => id === WORKER)) server.addWorker(pool, { id: WORKER });
      const copy = path.join(await temporaryFolder(), 'copy');
      await cp(cwd, copy, { recursive: true });
      return copy;
    },
  };
}

async function writeProgram(file: string, line: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${line}\n`);
  await chmod(file, 0o755);
}
