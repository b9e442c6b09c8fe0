import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { readFileIfExists, readInput, readPlaced, readWhole } from '../../files/read.ts';
import { CSR_FILE, checkKeyMatch, KEY_FILE, privateKey } from '../../pki/index.ts';
import { token, tokenFileIn } from '../../pool-folder/index.ts';
import { optionalText } from '../../step/input.ts';
import { inquiry } from '../../step/inquiry.ts';
import { anyText } from '../../step/parsers.ts';
import { directory } from '../../step/shared.ts';

/** Checks whether the key, the request and the token's certificate match: those that are given, or those in the folder. */
export const keypairVerification = inquiry({
  inputs: {
    dir: directory,
    key: privateKey,
    csr: optionalText({
      summary: `Certificate request (default: <dir>/${CSR_FILE})`,
      placeholder: 'FILE',
      parse: anyText,
    }),
    token,
  },
  async run({ dir, key, csr, token: given }) {
    const keyFile = key ?? path.join(dir, KEY_FILE);
    const keyBytes = await (key === undefined ? readPlaced(keyFile) : readInput(keyFile));
    const request = csr === undefined ? await readFileIfExists(path.join(dir, CSR_FILE)) : await readWhole(csr);
    const tokenBytes = given === undefined ? await readFileIfExists(tokenFileIn(dir)) : Buffer.from(given);
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
