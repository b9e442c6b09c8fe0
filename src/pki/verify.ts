import path from 'node:path';
import { readFileIfThere, readInput, readWhole } from '../files/read.ts';
import { UserError } from '../step/errors.ts';
import { optionalText, secret } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { directory } from '../step/shared.ts';
import { CSR_FILE, KEY_FILE } from './keypair-step.ts';

const file = (name: string) => optionalText({ summary: name, placeholder: 'FILE', parse: (given) => given });

/** Whether key, request and, where one is given, the token's certificate belong together. */
export const belonging = inquiry({
  inputs: {
    dir: directory,
    key: file(`Private key, if not ${KEY_FILE} in the folder`),
    csr: file(`Certificate request, if not ${CSR_FILE} in the folder`),
    token: secret({
      summary: 'Worker pool token (-: standard input)',
      placeholder: 'FILE',
      asked: false,
      parse: (text) => text,
    }),
  },
  async run({ dir, key, csr, token }) {
    const { checkBelonging } = await import('./belonging.ts');
    const keyFile = key ?? path.join(dir, KEY_FILE);
    const keyBytes = await readInput(keyFile);
    const request = csr === undefined ? await readFileIfThere(path.join(dir, CSR_FILE)) : await readWhole(csr);
    if (request === undefined && token === undefined) {
      throw new UserError('SPACECTL_CANNOT_READ', `There is nothing to compare ${keyFile} with: no request, no token`, {
        suggestions: ['Name one: --csr FILE or --token-file FILE'],
      });
    }
    return checkBelonging({
      key: { name: keyFile, bytes: keyBytes },
      csr: request,
      ...(token !== undefined && { token: Buffer.from(token) }),
    });
  },
});
