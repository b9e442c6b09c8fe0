import { stat } from 'node:fs/promises';
import path from 'node:path';
import { andThen } from '../../core/command-lines.ts';
import { UserError } from '../../core/errors.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { hasModes } from '../../files/modes.ts';
import { readFileIfExists } from '../../files/read.ts';
import { CSR_FILE, checkKeyMatch, KEY_FILE, readToken } from '../../pki/index.ts';
import { attention, type Finding, good, none, unknown } from './thing.ts';

/** Looks at the private key and its request. A checkout in CI has the request at most: git ignores the key. */
export async function keyOf(dir: string): Promise<Finding> {
  const [key, csr] = await Promise.all([KEY_FILE, CSR_FILE].map((name) => readFileIfExists(path.join(dir, name))));
  if (!key && !csr) return attention('no key pair yet', `spacectl init ${quoteIfNeeded(dir)}`);
  if (key && (await isReadByOthers(path.join(dir, KEY_FILE))))
    return attention(
      `other users of this machine may read or change ${KEY_FILE}`,
      `chmod 600 ${quoteIfNeeded(path.join(dir, KEY_FILE))}`,
      KEY_FILE,
    );
  if (!key) return unknown(`${KEY_FILE} is not here; it belongs on the machine that renders secrets`);
  if (!csr)
    return attention(
      `${KEY_FILE} exists, but its request ${CSR_FILE} does not`,
      `spacectl keypair generate --dir ${quoteIfNeeded(dir)}`,
      CSR_FILE,
    );
  const match = await checkKeyMatch({ key: { name: path.join(dir, KEY_FILE), bytes: key }, csr });
  if (match.belongTogether) return good(`${KEY_FILE} and ${CSR_FILE} match`);
  const evidence = match.findings.find(({ isGood }) => !isGood)?.finding ?? 'they do not match';
  const generate = `spacectl keypair generate --dir ${quoteIfNeeded(dir)}`;
  return attention(`${CSR_FILE}: ${evidence}`, andThen(moveAway(path.join(dir, CSR_FILE)), generate), CSR_FILE);
}

/** Looks at the token of the folder, without asking Spacelift. @param id the pool's, if it is known */
export async function tokenOf(dir: string, file: string | undefined, id: string | undefined): Promise<Finding> {
  const token = file === undefined ? undefined : await readFileIfExists(file);
  if (!token || file === undefined) return none('no token here');
  const name = path.basename(file);
  // Without the pool's ID there is nothing to read its token of.
  const replace =
    id === undefined ? moveAway(file) : `spacectl workerpool token --pool-id ${id} --dir ${quoteIfNeeded(dir)}`;
  const problem = problemIn(token, name);
  if (problem !== undefined) return attention(problem, replace, name);
  const key = await readFileIfExists(path.join(dir, KEY_FILE));
  if (key && (await isReadByOthers(path.join(dir, KEY_FILE))))
    return attention(
      `other users of this machine may read or change ${KEY_FILE}`,
      `chmod 600 ${quoteIfNeeded(path.join(dir, KEY_FILE))}`,
      KEY_FILE,
    );
  if (!key) return unknown(`${name} cannot be checked: ${KEY_FILE} is not here`);
  const match = await checkKeyMatch({ key: { name: path.join(dir, KEY_FILE), bytes: key }, token });
  const finding = `${name}: ${match.findings[0]?.finding ?? ''}`;
  if (!match.belongTogether) return attention(finding, replace, name);
  return readToken(token).certificates.length === 0 ? unknown(finding) : good(finding);
}

/** Says why a token cannot be read. @returns `undefined` if it can */
function problemIn(token: Uint8Array, name: string): string | undefined {
  try {
    readToken(token, name);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

async function isReadByOthers(file: string): Promise<boolean> {
  return hasModes() && ((await stat(file)).mode & 0o077) !== 0;
}

function moveAway(file: string): string {
  return `mv ${quoteIfNeeded(file)} ${quoteIfNeeded(`${file}.old`)}`;
}
