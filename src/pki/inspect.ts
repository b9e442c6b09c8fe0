import type { X509Certificate } from 'node:crypto';
import path from 'node:path';
import { dateFrom } from '../core/date.ts';
import { readFileIfExists, readInput } from '../files/read.ts';
import { text } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { directory } from '../step/shared.ts';
import { KEY_FILE, privateKey } from './keypair-step.ts';
import { describeEnvironment } from './token-environment.ts';

/** The content of a token that is not secret. */
export interface Inspected {
  readonly environment: ReturnType<typeof describeEnvironment>;
  readonly endpoint?: string;
  readonly certificates: readonly {
    readonly subject: string;
    readonly issuer: string;
    readonly expires: string;
    readonly hasExpired: boolean;
  }[];
  /** Whether it was issued for the key; absent if there is no key, or no certificate in the token, to compare. */
  readonly belongsToKey?: boolean;
  readonly key?: string;
}

/** Reads a worker pool token and returns what is not secret. */
export const inspection = inquiry({
  inputs: {
    file: text({
      summary: 'Token file; - is standard input',
      placeholder: 'FILE',
      default: '-',
      asked: false,
      positional: true,
      parse: (name) => name,
    }),
    dir: directory,
    key: { ...privateKey, description: `Default: ${KEY_FILE} next to the token, else in the directory.` },
  },
  async run({ file, dir, key: given }): Promise<Inspected> {
    const { readToken } = await import('./token.ts');
    const { certificatesIn } = await import('./token-certificates.ts');
    const { checkKeyMatch } = await import('./key-match.ts');
    const bytes = await readInput(file);
    const token = readToken(bytes);
    const { endpoint } = token;
    const nextToToken = path.join(file === '-' ? dir : path.dirname(file), KEY_FILE);
    const key = given ?? ((await readFileIfExists(nextToToken)) ? nextToToken : path.join(dir, KEY_FILE));
    const keyBytes = given === undefined ? await readFileIfExists(key) : await readInput(given);
    const read = certificatesIn(token);
    return {
      environment: describeEnvironment(token),
      ...(endpoint && { endpoint }),
      certificates: describeCertificates(read),
      ...(keyBytes &&
        read.length > 0 && {
          belongsToKey: checkKeyMatch({ key: { name: key, bytes: keyBytes }, token: bytes }).belongTogether,
          key,
        }),
    };
  },
});

/** Describes the certificates of a token. */
export function describeCertificates(certificates: readonly X509Certificate[]): Inspected['certificates'] {
  return certificates.map(({ subject, issuer, validTo }) => ({
    subject: subject.replaceAll('\n', ', '),
    issuer: issuer.replaceAll('\n', ', '),
    expires: dateFrom(validTo)?.toISOString() ?? validTo,
    hasExpired: Date.parse(validTo) < Date.now(),
  }));
}
