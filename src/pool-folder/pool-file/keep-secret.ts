import path from 'node:path';
import { makeFolder } from '../../files/folder.ts';
import { readFileIfExists } from '../../files/read.ts';
import { assertTrustedFolder } from '../../files/trusted-folder.ts';
import { writeFileWhole } from '../../files/write.ts';
import { plainName } from '../../step/given.ts';
import type { Input } from '../../step/input.ts';
import { withSecretsIgnored } from './gitignore.ts';

/** A secret that was typed or pasted at a prompt. */
export interface TypedSecret {
  readonly name: string;
  readonly input: Input;
  readonly text: string;
}

/**
 * Keeps a typed secret in a file of the pool's folder at once, so that an interruption does not lose it. Only the owner may
 * read the file, and git ignores it.
 * @returns the file; `undefined` if it holds something else that only a plan may replace
 * @throws UserError `SPACECTL_NOT_ALLOWED` as `assertTrustedFolder`, and as `writeFileWhole`
 */
export async function keepSecret(dir: string, { name, input, text }: TypedSecret): Promise<string | undefined> {
  const file = path.join(dir, input.keptAs ?? `${plainName(name)}.secret`);
  const bytes = Buffer.from(text);
  await assertTrustedFolder(dir);
  const present = await readFileIfExists(file);
  if (present?.equals(bytes)) return file;
  if (present && input.keptAs !== undefined) return undefined;
  await makeFolder(path.resolve(dir), 0o700);
  await ignoreSecrets(path.resolve(dir, '.gitignore'));
  await writeFileWhole(path.resolve(file), bytes, { mode: 0o600, mayReplace: present !== undefined });
  return file;
}

async function ignoreSecrets(file: string): Promise<void> {
  const present = (await readFileIfExists(file))?.toString();
  const text = withSecretsIgnored(present);
  if (text !== present) await writeFileWhole(file, Buffer.from(text), { mode: 0o644, mayReplace: true });
}
