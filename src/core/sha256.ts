import { hash } from 'node:crypto';

/** The SHA-256 of some bytes, or of a text in UTF-8, as 64 hexadecimal digits (FIPS 180-4). */
export function sha256(content: Uint8Array | string): string {
  return hash('sha256', content, 'hex');
}
