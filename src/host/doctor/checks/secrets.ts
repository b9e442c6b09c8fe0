import { UserError } from '../../../core/errors.ts';
import { isTokenForKey, readToken } from '../../../pki/index.ts';
import { bad, type Check, type Finding, good, skipped, warning } from '../check.ts';

const RENDER =
  "Render the files again with token and key in the pool's folder, and install them: spacectl host install";

const parsing: Check = {
  id: 'environment-files',
  title: 'Environment files',
  stage: 'installed',
  async run({ environmentFiles }) {
    if (environmentFiles.length === 0) return bad('/etc/spacelift/launcher.env is not there', 'spacectl host install');
    return environmentFiles.map(({ path, badLines, variables }) =>
      badLines.length > 0
        ? bad(`systemd leaves out line ${badLines.join(', ')}`, RENDER, path)
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
      if ((mode & 0o077) !== 0) return bad(`${shown}: others can read it`, `chmod 600 ${path}`, path);
      if (owner !== 0) return bad(`${shown}: not root's`, `chown root:root ${path}`, path);
      return good(shown, path);
    });
  },
};

/** Both secrets there, readable as what they are, and made for each other. */
const secrets: Check = {
  id: 'secrets',
  title: 'Token and key',
  stage: 'always',
  async run({ secrets: file }) {
    if (!file)
      return skipped('no environment file with secrets can be read: fetched at start, encrypted, or not there yet');
    const { SPACELIFT_TOKEN: token, SPACELIFT_POOL_PRIVATE_KEY: key } = file.variables;
    if (!token || !key)
      return bad(`${file.path} lacks ${token ? 'SPACELIFT_POOL_PRIVATE_KEY' : 'SPACELIFT_TOKEN'}`, RENDER);
    const pem = Buffer.from(key, 'base64');
    if (!pem.includes('PRIVATE KEY-----'))
      return bad(
        'SPACELIFT_POOL_PRIVATE_KEY is not the base64 of a PEM private key',
        'spacectl keypair encode spacelift.key',
      );
    try {
      const { certificates } = readToken(Buffer.from(token));
      const fits = await isTokenForKey(Buffer.from(token), { name: 'SPACELIFT_POOL_PRIVATE_KEY', bytes: pem });
      if (!fits)
        return bad(
          'the token was made for another key',
          "Reset the pool with the request of this key, or put the pool's own key there",
        );
      return certificates.length > 0
        ? good('the token holds a certificate for this key')
        : good('both can be read; the token holds no certificate to compare');
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return bad(error.message, RENDER);
    }
  },
};

/** An unset value of a metadata service is `null` in JSON, and would be shown as a tag of that name in Spacelift. */
const metadata: Check = {
  id: 'metadata',
  title: 'Metadata',
  stage: 'installed',
  async run({ settings }) {
    const tags = Object.entries(settings).filter(([name]) => name.startsWith('SPACELIFT_METADATA_'));
    const empty = tags.filter(([, value]) => value === '' || value === 'null').map(([name]) => name);
    if (empty.length > 0)
      return bad(`without a value: ${empty.join(', ')}`, 'Take them out, or give them one: --metadata KEY=VALUE');
    if (tags.length === 0)
      return warning('none', 'Tags such as the instance id help to find a worker: --metadata KEY=VALUE');
    return good(tags.map(([name, value]) => `${name.replace('SPACELIFT_METADATA_', '')}=${value}`).join(' '));
  },
};

export const secretChecks: readonly Check[] = [parsing, modes, secrets, metadata];
