import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { CSR_FILE, isRequest } from '../../pki/index.ts';
import type { Planner } from '../../step/plan.ts';

/** Reads the folder's certificate request, as planned so far. @throws UserError `SPACECTL_CANNOT_READ`, `SPACECTL_BAD_DATA` */
export async function requestOf(dir: string, planner: Planner) {
  const file = path.join(dir, CSR_FILE);
  const csr = await planner.read(file);
  if (!csr) {
    throw new UserError('SPACECTL_CANNOT_READ', `Certificate request ${file} does not exist`, {
      suggestions: [{ command: `spacectl keypair generate --dir ${quoteIfNeeded(dir)}` }],
    });
  }
  if (csr.isKnown && !(await isRequest(await csr.bytes()))) {
    throw new UserError('SPACECTL_BAD_DATA', `${file} is not a PEM certificate signing request with an RSA key`);
  }
  return csr;
}
