import { createCipheriv, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);

/**
 * Encrypts a file as `ansible-vault` does, format 1.1 (Ansible documentation, "Ansible Vault payload format 1.1"):
 * AES-256 in counter mode, keys from PBKDF2, and an HMAC over the ciphertext. The salt is derived from the password and the
 * content, so the same input gives the same bytes and a second run changes nothing.
 */
export async function encryptForVault(content: Uint8Array, password: string): Promise<string> {
  const salt = createHmac('sha256', password).update('spacectl').update(content).digest();
  const keys = await derive(password, salt, 10_000, 80, 'sha256');
  const cipher = createCipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64));
  const encrypted = Buffer.concat([cipher.update(pad(content)), cipher.final()]);
  const code = createHmac('sha256', keys.subarray(32, 64)).update(encrypted).digest();
  const payload = [salt, code, encrypted].map((part) => part.toString('hex')).join('\n');
  const lines =
    Buffer.from(payload)
      .toString('hex')
      .match(/.{1,80}/g) ?? [];
  return `$ANSIBLE_VAULT;1.1;AES256\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** Adds PKCS#7 padding, which the format requires although counter mode does not. */
function pad(content: Uint8Array): Buffer {
  const missing = 16 - (content.length % 16);
  return Buffer.concat([content, Buffer.alloc(missing, missing)]);
}
