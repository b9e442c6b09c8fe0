import path from 'node:path';
import { readFileIfThere, readInput } from '../files/read.ts';
import { text } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { directory } from '../step/shared.ts';
import { KEY_FILE, privateKey } from './keypair-step.ts';

/** What is known of a token without showing it. */
export interface Inspected {
  readonly environment: 'standard' | 'FedRAMP' | 'unknown';
  readonly endpoint?: string;
  readonly certificates: readonly {
    readonly subject: string;
    readonly issuer: string;
    readonly expires: string;
    readonly hasExpired: boolean;
  }[];
  /** Whether it was made for the key; left out where there is no key to compare, or nothing in the token to compare. */
  readonly belongsToKey?: boolean;
  readonly key?: string;
}

/** Reads a worker pool token, and says what is in it that is no secret. */
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
    key: { ...privateKey, description: `A ${KEY_FILE} beside the token comes before that in the directory.` },
  },
  async run({ file, dir, key: given }): Promise<Inspected> {
    const { readToken } = await import('./token.ts');
    const { certificatesIn } = await import('./token-certificates.ts');
    const { checkBelonging } = await import('./belonging.ts');
    const bytes = await readInput(file);
    const token = readToken(bytes);
    const { endpoint, isFedRamp } = token;
    const beside = path.join(file === '-' ? dir : path.dirname(file), KEY_FILE);
    const key = given ?? ((await readFileIfThere(beside)) ? beside : path.join(dir, KEY_FILE));
    const keyBytes = given === undefined ? await readFileIfThere(key) : await readInput(given);
    const read = certificatesIn(token);
    return {
      environment: endpoint === undefined ? 'unknown' : isFedRamp ? 'FedRAMP' : 'standard',
      ...(endpoint && { endpoint }),
      certificates: read.map(({ subject, issuer, validTo }) => ({
        subject: subject.replaceAll('\n', ', '),
        issuer: issuer.replaceAll('\n', ', '),
        expires: new Date(validTo).toISOString(),
        hasExpired: Date.parse(validTo) < Date.now(),
      })),
      ...(keyBytes &&
        read.length > 0 && {
          belongsToKey: checkBelonging({ key: { name: key, bytes: keyBytes }, token: bytes }).belongTogether,
          key,
        }),
    };
  },
});
