import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from './temporary.ts';

/** Writes files, by their paths, below a new home directory. Those in `bin/` can be run; all but texts become JSON. */
export async function homeWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const target = path.join(folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, typeof content === 'string' ? content : JSON.stringify(content));
    if (name.startsWith('bin/')) await chmod(target, 0o755);
  }
  return folder;
}

/** The environment of a user with this home directory, and nobody else's logins. */
export function environmentOf(home: string): NodeJS.ProcessEnv {
  return { HOME: home, PATH: `${home}/bin:${process.env['PATH']}` };
}

/** `auth` as Docker and Podman store it. */
export const authOf = (username: string, password: string) => Buffer.from(`${username}:${password}`).toString('base64');

/**
 * A credential helper (docker/docker-credential-helpers, credentials/credentials.go: the verb is its argument, the server
 * comes on standard input, errors go to standard output). `readAsked` says what it was asked for.
 *
 * @param answers by server
 */
export function helperWith(answers: Readonly<Record<string, unknown>>): string {
  const cases = Object.entries(answers).map(([server, answer]) => `'${server}') echo '${JSON.stringify(answer)}' ;;`);
  return `#!/bin/sh
[ "$1" = get ] || exit 2
read -r server
echo "\${0##*/} $server" >> "$HOME/asked"
case "$server" in
${cases.join('\n')}
*) echo 'credentials not found in native keychain'; exit 1 ;;
esac
`;
}

/** Reads which helpers were asked for which servers: `docker-credential-x host`. */
export async function readAsked(home: string): Promise<readonly string[]> {
  const text = await readFile(path.join(home, 'asked'), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean);
}
