import { hash } from 'node:crypto';

/** Computes the SHA-256 (FIPS 180-4) of bytes, or of a text in UTF-8. @returns 64 hexadecimal digits */
export function sha256(content: Uint8Array | string): string {
  return hash('sha256', content, 'hex');
}
