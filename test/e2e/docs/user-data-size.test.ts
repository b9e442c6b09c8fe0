import { generateKeyPair } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { makeCertificate } from '../../services/certificate.ts';
import { spacectl } from '../../services/program.ts';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';
import { makeToken } from '../../services/token.ts';

const generate = promisify(generateKeyPair);
/** The columns of the table in the page. */
const SECRETS = [[], ['--secrets-from', 'aws-secretsmanager:spacelift/pool'], ['--embed-secrets']];
/** Keys and certificates are random, and compress a little better or worse. */
const TOLERANCE = 120;

testWith('openssl')('docs/service.md: user data for EC2 has the sizes in the table', async () => {
  const rows = [...(await readFile('docs/service.md', 'utf8')).matchAll(/^\| (\d) \| (\d[\d,]*) .*$/gm)];
  expect(rows.length).toBe(3);
  const cwd = await temporaryFolder();
  const env = { CI: 'true', HOME: cwd, XDG_STATE_HOME: cwd };
  const dir = path.join(cwd, 'pool');
  const run = (...args: readonly string[]) => spacectl([...args, '--dir', dir], { cwd, env });
  await run('keypair', 'generate');
  await writeFile(path.join(dir, 'worker-pool.config'), await makeToken({ key: path.join(dir, 'spacelift.key') }), {
    mode: 0o600,
  });
  const measured: string[] = [];
  for (const [row = '', count = ''] of rows) {
    const roots = Array.from({ length: Number(count) }, async (_, index) =>
      makeCertificate({
        subject: { O: 'Example', CN: `Corporate Root ${index}` },
        keys: await generate('rsa', { modulusLength: 2048 }),
      }),
    );
    const file = path.join(cwd, `${count}.pem`);
    await writeFile(file, (await Promise.all(roots)).map(({ pem }) => pem).join(''));
    if (roots.length > 0) await run('ca-bundle', 'build', '--source', 'mozilla', '--ca', file);
    const cells = row.split('|').slice(2, -1);
    for (const [at, flags] of SECRETS.entries()) {
      const { stdout, exitCode } = await run('render', 'cloud-init', '--cloud', 'ec2', '--json', ...flags);
      const document = JSON.parse(String(stdout));
      const size = Number(document.facts?.cloudInit.size ?? /has (\d+) bytes/.exec(document.error.message)?.[1]);
      const said = Number(cells[at]?.replace(/\D/g, ''));
      const isRight = Math.abs(size - said) <= TOLERANCE && cells[at]?.includes('rejected') === (exitCode === 65);
      if (!isRight)
        measured.push(`${count} certificates ${flags.join(' ')}: ${size}, exit ${exitCode}, not ${cells[at]}`);
    }
  }
  expect(measured).toEqual([]);
});
