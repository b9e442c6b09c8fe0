import { X509Certificate } from 'node:crypto';
import { UserError } from '../core/errors.ts';
import type { Token } from './token.ts';

/** Reads the certificates in a token. @throws UserError `SPACECTL_BAD_TOKEN` if one is damaged */
export function certificatesIn({ certificates }: Token): readonly X509Certificate[] {
  return certificates.map((pem) => {
    try {
      return new X509Certificate(pem);
    } catch (cause) {
      throw new UserError('SPACECTL_BAD_TOKEN', 'A certificate in the worker pool token is damaged', { cause });
    }
  });
}
