import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { createAuthority } from '../services/authority.ts';
import { debianLike } from '../services/bundle-images.ts';
import { pushImage } from '../services/image.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startRegistry } from '../services/registry.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';
import { laptopCommands } from '../services/windows/laptop.ts';
import { spacectlOnWindows } from '../services/windows/windows.ts';

/** The whole list takes one to five minutes; `npm test` takes one command of a kind. */
const isWhole = Boolean(process.env['TEST_WHOLE']);

/** Every file of a folder: its bytes by its path. */
async function filesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
  const read = async (file: string) =>
    [path.relative(folder, file), (await readFile(file)).toString('latin1')] as const;
  return Object.fromEntries(await Promise.all(files.sort().map(read)));
}

/** Says of each file that differs in two folders what its first line is that does. */
async function differencesOf(one: string, other: string): Promise<readonly string[]> {
  const [ours, theirs] = [await filesIn(one), await filesIn(other)];
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].filter(
    (name) => ours[name] !== theirs[name],
  );
  return names.map((name) => {
    const [lines, others] = [ours[name]?.split('\n') ?? [], theirs[name]?.split('\n') ?? []];
    const index = lines.findIndex((line, at) => line !== others[at]);
    return `${name}:${index + 1}: ${JSON.stringify(lines[index])} and ${JSON.stringify(others[index])}`;
  });
}

/** Puts what people have before they start into a folder. */
async function prepare(folder: string): Promise<void> {
  const pool = path.join(folder, 'pools/eu');
  await putKeyPair(pool);
  const [key, base, lines] = [path.join(pool, 'spacelift.key'), await createAuthority(), await createAuthority()];
  await writeFile(path.join(pool, 'worker-pool.config'), await makeToken({ key }));
  await writeFile(path.join(folder, 'encoded.txt'), (await readFile(key)).toString('base64'));
  await mkdir(path.join(folder, 'certificates/corporate'), { recursive: true });
  await cp('docs/example-ca.pem', path.join(folder, 'certificates/corporate/root.pem'));
  await writeFile(path.join(folder, 'certificates/base.pem'), base.authority);
  // As an editor on Windows saves it.
  await writeFile(path.join(folder, 'certificates/lines.pem'), lines.authority.replaceAll('\n', '\r\n'));
}

testWith('wine', 'docker-registry', 'openssl')(
  'the commands of a laptop write the same bytes on Windows as on Linux',
  { timeout: 900_000 },
  async () => {
    const root = await temporaryFolder();
    const [linux, windows] = [path.join(root, 'linux'), path.join(root, 'windows')];
    await prepare(linux);
    await cp(linux, windows, { recursive: true });
    const registry = await startRegistry();
    await pushImage(registry.url, 'runner', 'v1', debianLike('amd64', (await createAuthority()).authority));
    const commands = laptopCommands(`${registry.host}/runner:v1`).filter(({ isSample }) => isWhole || isSample);
    for (const { words, exitCode = 0 } of commands) {
      const line = (slash: string) =>
        words.map((each) => (typeof each === 'string' ? each : each.path.replaceAll('/', slash)));
      const here = await spacectl([...line('/'), '--json'], { cwd: linux });
      const there = await spacectlOnWindows([...line('\\'), '--json'], { cwd: windows });
      const command = line('/').join(' ');
      expect.soft(here.exitCode, `${command}: ${here.stdout}`).toBe(exitCode);
      expect.soft(there.exitCode, `${command} on Windows: ${there.stdout}${there.stderr}`).toBe(exitCode);
      expect.soft({ command, differences: await differencesOf(linux, windows) }).toEqual({ command, differences: [] });
    }
  },
);
