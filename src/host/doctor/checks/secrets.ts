import { UserError } from '../../../core/errors.ts';
import { isTokenForKey, readToken } from '../../../pki/index.ts';
import { folderTokenState } from '../../../spacelift/index.ts';
import { bad, type Check, type Finding, good, skipped, warning } from '../check.ts';

const RENDER =
  "Render the files again with the token and key in the pool's folder, and install them: spacectl host install";

const parsing: Check = {
  id: 'environment-files',
  title: 'Environment files',
  stage: 'installed',
  async run({ environmentFiles }) {
    if (environmentFiles.length === 0)
      return bad('/etc/spacelift/launcher.env does not exist', 'spacectl host install');
    return environmentFiles.map(({ path, badLines, variables }) =>
      badLines.length > 0
        ? bad(`systemd ignores line ${badLines.join(', ')}`, RENDER, path)
        : good(`${Object.keys(variables).length} variables`, path),
    );
  },
};

const modes: Check = {
  id: 'file-modes',
  title: 'File modes',
  stage: 'installed',
  async run({ environmentFiles }) {
    return environmentFiles.map(({ path, mode, owner }): Finding => {
      const shown = `${mode.toString(8)}, owner ${owner}`;
      if ((mode & 0o077) !== 0) return bad(`${shown}: other users can read it`, `chmod 600 ${path}`, path);
      if (owner !== 0) return bad(`${shown}: root does not own it`, `chown root:root ${path}`, path);
      return good(shown, path);
    });
  },
};

/** Checks that the token and the key exist, are valid, and match. */
const secrets: Check = {
  id: 'secrets',
  title: 'Token and key',
  stage: 'always',
  async run({ secrets: file }) {
    if (!file)
      return skipped(
        'no readable environment file with secrets: they are fetched at start, encrypted, or not installed yet',
      );
    const { SPACELIFT_TOKEN: token, SPACELIFT_POOL_PRIVATE_KEY: key } = file.variables;
    if (!token || !key)
      return bad(`${file.path} does not set ${token ? 'SPACELIFT_POOL_PRIVATE_KEY' : 'SPACELIFT_TOKEN'}`, RENDER);
    const pem = Buffer.from(key, 'base64');
    if (!pem.includes('PRIVATE KEY-----'))
      return bad(
        'SPACELIFT_POOL_PRIVATE_KEY is not the base64 of a PEM private key',
        'spacectl keypair encode spacelift.key',
      );
    try {
      const { certificates } = readToken(Buffer.from(token));
      const isForKey = await isTokenForKey(Buffer.from(token), {
        key: { name: 'SPACELIFT_POOL_PRIVATE_KEY', bytes: pem },
      });
      if (isForKey === false)
        return bad(
          'the token was made for another key',
          "Read the pool's token again: spacectl workerpool token. If it is for another key too, install the pool's own key; a reset of the pool cuts off all its workers",
        );
      return certificates.length > 0
        ? good('the token contains a certificate for this key')
        : good('both are readable; the token contains no certificate to compare');
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return bad(error.message, RENDER);
    }
  },
};

/** Checks that the token in the pool's folder is the one that Spacelift has: a reset elsewhere makes it useless. */
const poolToken: Check = {
  id: 'pool-token',
  title: 'Token at Spacelift',
  stage: 'always',
  async run({ dir, signal }) {
    const token = await folderTokenState(dir, signal);
    if (!token) return skipped('the folder has no pool, or there are no credentials for its account');
    if (token.state === 'current') return good(token.meaning);
    return token.advice ? bad(token.meaning, token.advice) : skipped(token.meaning);
  },
};

/** Checks for empty metadata: an unset value of a metadata service becomes `null`, and Spacelift would show it as a tag. */
const metadata: Check = {
  id: 'metadata',
  title: 'Metadata',
  stage: 'installed',
  async run({ settings }) {
    const tags = Object.entries(settings).filter(([name]) => name.startsWith('SPACELIFT_METADATA_'));
    const empty = tags.filter(([, value]) => value === '' || value === 'null').map(([name]) => name);
    if (empty.length > 0)
      return bad(`no value: ${empty.join(', ')}`, 'Remove them, or set a value: --metadata KEY=VALUE');
    if (tags.length === 0)
      return warning('none', 'Tags such as the instance ID help you find a worker: --metadata KEY=VALUE');
    return good(tags.map(([name, value]) => `${name.replace('SPACELIFT_METADATA_', '')}=${value}`).join(' '));
  },
};

export const secretChecks: readonly Check[] = [parsing, modes, secrets, poolToken, metadata];
