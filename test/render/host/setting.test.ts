import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatEnvironmentFile } from '../../../src/render/format/environment-file.ts';
import { parseEnvironmentFile } from '../../../src/render/format/environment-reader.ts';
import { fillTemplate } from '../../../src/render/format/template.ts';
import { testWith } from '../../services/programs.ts';
import { SHELLS } from '../../services/script.ts';
import { temporaryFolder } from '../../services/temporary.ts';

/** Reads variables of an environment file as the scripts on a host do, each ended by NUL. */
async function readSettings(shell: readonly string[], text: string, names: readonly string[]) {
  const file = path.join(await temporaryFolder(), 'environment');
  await writeFile(file, text);
  const part = await readFile('templates/host/setting.sh', 'utf8');
  const script = `set -eu\n${part}\nfor name in ${names.join(' ')}; do printf '%s\\0' "$(setting "$name" "$0")"; done`;
  const { stdout } = await execa(shell[0] ?? '', [...shell.slice(1), '-c', script, file], { stripFinalNewline: false });
  return stdout.split('\0').slice(0, -1);
}

const value = fc.string({ unit: fc.constantFrom(...' \t"\'\\$`#;%={}*~!&|()<>[]^?a0é') });

testWith('dash', 'bash', 'busybox').each(SHELLS.map((shell) => [shell] as const))(
  'in %j, a script reads every value that was written as it was',
  async (shell) => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 30 }), async (values) => {
        const named = Object.fromEntries(values.map((each, index) => [`V${index}`, each]));
        expect(await readSettings(shell, formatEnvironmentFile(named), Object.keys(named))).toEqual(values);
      }),
      { numRuns: 10 },
    );
  },
);

test('a script reads what a person wrote as systemd does, and of a name that is twice there the last', async () => {
  const text = [
    '# A=comment',
    "A='single \\ $quoted'",
    ' B = blanks around ',
    'C=back\\slash \\"',
    'D="double \\" \\\\ \\a"\r',
    'AA=other',
    'E=first',
    'E=',
    'F',
  ].join('\n');
  const { variables } = parseEnvironmentFile(text);
  expect(Object.keys(variables).sort()).toEqual(['A', 'AA', 'B', 'C', 'D', 'E']);
  expect(await readSettings(['sh'], text, Object.keys(variables))).toEqual(Object.values(variables));
  expect(await readSettings(['sh'], text, ['F', 'G'])).toEqual(['', '']);
});

test('no script on a host runs a file of settings', async () => {
  const names = ['host/spacelift-recycle', 'host/spacelift-with-credentials', 'cloud-init/first-boot.sh'];
  for (const name of names) {
    const text = await readFile(`templates/${name}`, 'utf8');
    expect({ name, text }).toEqual({ name, text: expect.stringContaining('#include host/setting.sh') });
    expect(text.match(/^\s*(?:\.|source) .*/gm) ?? []).toEqual(
      name.endsWith('first-boot.sh') ? ['. /etc/os-release'] : [],
    );
  }
});

test('a service gets the two secrets that systemd passes to it, and nothing else of their file', async () => {
  const folder = await temporaryFolder();
  const script = path.join(folder, 'with-credentials');
  await writeFile(script, await fillTemplate('host/spacelift-with-credentials', {}, String));
  const run = async (text: string) => {
    await writeFile(path.join(folder, 'secrets.env'), text);
    const env = { CREDENTIALS_DIRECTORY: folder, PATH: process.env['PATH'] };
    return execa('sh', [script, 'env'], { env, extendEnv: false, reject: false });
  };
  const both = await run('PATH=/nowhere\nSPACELIFT_TOKEN=dG9r\nSPACELIFT_POOL_PRIVATE_KEY="a2V5"\nrm=1\n');
  expect(both.stdout.split('\n')).toEqual(
    expect.arrayContaining(['SPACELIFT_TOKEN=dG9r', 'SPACELIFT_POOL_PRIVATE_KEY=a2V5', `PATH=${process.env['PATH']}`]),
  );
  expect(both.stdout).not.toContain('rm=1');
  expect(await run('SPACELIFT_TOKEN=dG9r\n')).toMatchObject({
    exitCode: 1,
    stderr: 'spacelift-with-credentials: secrets.env has no SPACELIFT_POOL_PRIVATE_KEY',
  });
});
