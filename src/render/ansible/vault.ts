import { createCipheriv, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);

const HEADER = '$ANSIBLE_VAULT;1.1;AES256';

/**
 * Encrypts a file as `ansible-vault` does, format 1.1 (Ansible documentation, "Ansible Vault payload format 1.1"):
 * AES-256 in counter mode, keys from PBKDF2, and an HMAC over the ciphertext.
 *
 * The salt is random: one that could be computed from the content would tell anyone who knows it, such as a worker, that
 * a guessed password is wrong without the 10,000 rounds of PBKDF2.
 *
 * @param present the vault as it is. It is returned if it has this content and password, so that a second run changes
 *   nothing
 */
export async function encryptForVault(content: Uint8Array, password: string, present?: Uint8Array): Promise<string> {
  const salt = present && saltOf(present);
  if (present && salt) {
    const kept = await seal(content, password, salt);
    if (Buffer.from(present).equals(Buffer.from(kept))) return kept;
  }
  return seal(content, password, randomBytes(32));
}

async function seal(content: Uint8Array, password: string, salt: Buffer): Promise<string> {
  const keys = await derive(password, salt, 10_000, 80, 'sha256');
  const cipher = createCipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64));
  const encrypted = Buffer.concat([cipher.update(pad(content)), cipher.final()]);
  const code = createHmac('sha256', keys.subarray(32, 64)).update(encrypted).digest();
  const payload = [salt, code, encrypted].map((part) => part.toString('hex')).join('\n');
  const lines =
    Buffer.from(payload)
      .toString('hex')
      .match(/.{1,80}/g) ?? [];
  return `${HEADER}\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** Reads the salt of a vault. @returns `undefined` if it is no vault of this format */
function saltOf(vault: Uint8Array): Buffer | undefined {
  const [header, ...lines] = Buffer.from(vault).toString('latin1').split('\n');
  if (header !== HEADER) return undefined;
  const [salt = ''] = Buffer.from(lines.join(''), 'hex').toString('latin1').split('\n');
  return /^(?:[0-9a-f]{2}){16,64}$/.test(salt) ? Buffer.from(salt, 'hex') : undefined;
}

/** Adds PKCS#7 padding, which the format requires although counter mode does not. */
function pad(content: Uint8Array): Buffer {
  const missing = 16 - (content.length % 16);
  return Buffer.concat([content, Buffer.alloc(missing, missing)]);
}
