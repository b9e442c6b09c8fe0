import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { readFileIfThere, readInput, readWhole } from '../../files/read.ts';
import { CSR_FILE, checkKeyMatch, KEY_FILE } from '../../pki/index.ts';
import { tokenFileIn } from '../../pool-folder/index.ts';
import { optionalText, secret } from '../../step/input.ts';
import { inquiry } from '../../step/inquiry.ts';
import { folder } from '../../step/shared.ts';

const file = (name: string) => optionalText({ summary: name, placeholder: 'FILE', parse: (given) => given });

/** Checks whether the key, the request and the token's certificate match: those that are given, or those in the folder. */
export const keypairVerification = inquiry({
  inputs: {
    dir: folder,
    key: file(`Private key, if not ${KEY_FILE} in the folder`),
    csr: file(`Certificate request, if not ${CSR_FILE} in the folder`),
    token: secret({
      summary: 'Worker pool token, if not the one in the folder (-: standard input)',
      placeholder: 'FILE',
      asked: false,
      parse: (text) => text,
    }),
  },
  async run({ dir, key, csr, token }) {
    const keyFile = key ?? path.join(dir, KEY_FILE);
    const keyBytes = await readInput(keyFile);
    const request = csr === undefined ? await readFileIfThere(path.join(dir, CSR_FILE)) : await readWhole(csr);
    const tokenBytes = token === undefined ? await readFileIfThere(tokenFileIn(dir)) : Buffer.from(token);
    if (request === undefined && tokenBytes === undefined) {
      throw new UserError(
        'SPACECTL_CANNOT_READ',
        `Nothing to compare ${keyFile} with: no certificate request and no token found`,
        {
          suggestions: ['Pass one: --csr FILE or --token-file FILE'],
        },
      );
    }
    return checkKeyMatch({
      key: { name: keyFile, bytes: keyBytes },
      csr: request,
      token: tokenBytes,
    });
  },
});
