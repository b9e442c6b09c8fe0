import { childrenOf, readElement } from '../../../src/x509/der.ts';
import { tlv } from '../certificate.ts';
import type { Authority } from './authority.ts';
import { sequence } from './encode.ts';
import { algorithmOf, publicKeyOf, signWith } from './keys.ts';

/** Gives a certificate another key, of which we have the private half, and leaves all else as it is: real roots can be asked about. */
export function rekeyed(title: string, der: Buffer): Authority {
  const key = 'P-256';
  const [signed] = childrenOf(readElement(der));
  const fields = childrenOf(signed).map(({ bytes }) => bytes);
  const start = fields[0]?.[0] === 0xa0 ? 1 : 0;
  fields[start + 1] = algorithmOf(key);
  fields[start + 5] = publicKeyOf(key);
  const made = sequence(...fields);
  return {
    title,
    der: sequence(made, algorithmOf(key), tlv(0x03, Buffer.from([0]), signWith(key, made))),
    key,
    keyNumber: 0,
  };
}
