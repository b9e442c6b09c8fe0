import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';

/** The same text as programs write it: as it is, and in the encodings of URLs, JSON, headers, dumps and documents. */
export function encodingsOf(secret: string): Readonly<Record<string, string>> {
  const bytes = Buffer.from(secret);
  const percent = (digits: (byte: number) => string) => [...bytes].map((byte) => `%${digits(byte)}`).join('');
  // In base64, a text looks different after one and after two other bytes; the ends depend on what is around it.
  const shifted = (count: number) =>
    Buffer.concat([Buffer.alloc(count), bytes])
      .toString('base64')
      .slice(4, -4);
  return {
    'as it is': secret,
    'percent encoding': encodeURIComponent(secret),
    'percent encoding of a form': new URLSearchParams([['', secret]]).toString().slice(1),
    'percent encoding of every byte': percent((byte) => byte.toString(16).padStart(2, '0')),
    'a JSON string': JSON.stringify(secret).slice(1, -1),
    'a JSON string in a JSON string': JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    'JSON escapes': [...secret].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    'how Node shows a text': inspect(secret, { breakLength: Number.POSITIVE_INFINITY }).slice(1, -1),
    'how Node shows bytes': inspect(bytes.subarray(0, 40)).replace(/^<Buffer |( \.\.\. .*)?>$/g, ''),
    hexadecimal: bytes.toString('hex'),
    'hexadecimal in capitals': bytes.toString('hex').toUpperCase(),
    base64: bytes.toString('base64').replace(/=+$/, ''),
    'base64 for URLs': bytes.toString('base64url'),
    'base64 after one byte': shifted(1),
    'base64 after two bytes': shifted(2),
    HTML: secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;'),
    reversed: [...secret].reverse().join(''),
  };
}

/** Names the secrets that a text holds, and how: `password in base64`. */
export function secretsIn(text: string, secrets: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    Object.entries(encodingsOf(secret))
      .filter(([, encoded]) => text.includes(encoded))
      .map(([encoding]) => `${name}: ${encoding}`),
  );
}

/** Programs that spacectl may start. */
const PROGRAMS = 'docker podman nerdctl systemctl journalctl openssl ansible-vault aws az gcloud curl gpg id useradd';

/**
 * Makes a folder with stand-ins for all programs that may be started, which note their arguments, and fail.
 * @returns the folder, and the file with the notes
 */
export async function makePrograms(folder: string): Promise<{ readonly programs: string; readonly notes: string }> {
  const [programs, notes] = [path.join(folder, 'programs'), path.join(folder, 'notes')];
  await mkdir(programs);
  await writeFile(notes, '');
  for (const name of PROGRAMS.split(' ')) {
    const file = path.join(programs, name);
    await writeFile(file, `#!/bin/sh\necho "${name} $*" >> '${notes}'\nexit 1\n`);
    await chmod(file, 0o755);
  }
  return { programs, notes };
}

/** Reads all files below a folder that others than their owner may read. */
export async function readableFiles(folder: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const file = path.join(folder, name);
    const { mode } = await stat(file);
    if ((mode & 0o170077) > 0o100000) found[name] = (await readFile(file)).toString('latin1');
  }
  return found;
}
