import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { wordFor } from '../core/words.ts';
import { known, later } from '../step/content.ts';
import { optionalText } from '../step/input.ts';
import { anyText } from '../step/parsers.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { directory } from '../step/shared.ts';
import { step } from '../step/step.ts';
import { makeRequest } from './requests.ts';
import { ATTRIBUTE_TYPES, attribute, parseSubject, type SubjectAttribute } from './subject.ts';

/** File names of the pair in the pool's folder, as the vendor's documentation has them. */
export const KEY_FILE = 'spacelift.key';
export const CSR_FILE = 'spacelift.csr';

/** What a new pair is made with where nothing else is asked for. */
export const [DEFAULT_NAME, DEFAULT_BITS] = ['workers.spacelift.io', 4096] as const;

/** A private key elsewhere than in the pool's directory. */
export const privateKey = optionalText({
  summary: `Private key; ${KEY_FILE} in the directory, if not given`,
  placeholder: 'FILE',
  parse: anyText,
});

const commonName = optionalText({
  summary: `Common name in the certificate request; ${DEFAULT_NAME}, if not given`,
  placeholder: 'NAME',
  parse: (name) => attribute('CN', name),
});

const bits = optionalText({
  summary: `Size of the RSA key in bits; ${DEFAULT_BITS}, if not given`,
  placeholder: 'N',
  parse(size) {
    const number = Number(size);
    if (/^\d+$/.test(size) && number >= 2048 && number <= 16384 && number % 8 === 0) return number;
    throw new UserError('SPACECTL_BAD_INPUT', `"${size}" is not a multiple of 8 between 2048 and 16384`);
  },
});

const subject = optionalText({
  summary: 'Further fields of the subject: O=Acme\\, Inc.,OU=Platform,C=DE',
  placeholder: 'FIELDS',
  parse(fields) {
    const attributes = parseSubject(fields);
    if (!attributes.some(({ type }) => type === 'CN')) return attributes;
    throw new UserError('SPACECTL_BAD_INPUT', 'CN does not belong here', { suggestions: ['--common-name NAME'] });
  },
});

/** What a new key and its request are made by. */
export const keyInputs = { 'common-name': commonName, bits, subject } as const;

/** The pool's private key and certificate signing request. A key that is there is kept, and never overwritten. */
export const keypair = step({
  id: 'keypair',
  title: 'the key pair',
  inputs: { dir: directory, ...keyInputs },
  async plan({ dir, bits: size, 'common-name': name, subject: fields }, planner) {
    const [keyFile, csrFile] = [path.join(dir, KEY_FILE), path.join(dir, CSR_FILE)];
    const [key, csr] = await Promise.all([planner.read(keyFile), planner.read(csrFile)]);
    const wanted = subjectOf(name, fields);
    const isSubjectGiven = name !== undefined || fields !== undefined;
    if (!key && csr) throw lonelyCsr(keyFile, csrFile);
    if (!key) return planNew({ keyFile, csrFile, size, wanted, isSubjectGiven }, planner);
    return planPresent(
      { keyFile, csrFile, size, isSubjectGiven, key: await key.bytes(), csr: await csr?.bytes(), wanted },
      planner,
    );
  },
});

/** The whole subject of a request. */
export function subjectOf(
  name: SubjectAttribute | undefined,
  fields: readonly SubjectAttribute[] = [],
): readonly SubjectAttribute[] {
  return [name ?? attribute('CN', DEFAULT_NAME), ...fields];
}

interface Files {
  readonly keyFile: string;
  readonly csrFile: string;
  /** What was asked for; a pair that is there is held against nothing else. */
  readonly size: number | undefined;
  readonly isSubjectGiven: boolean;
  readonly wanted: readonly SubjectAttribute[];
}

/** A key that is made only when the plan is applied: it takes a second, and a dry run has no use for it. */
async function planNew({ keyFile, csrFile, size, wanted }: Files, planner: Planner): Promise<Plan> {
  const key = later(async () => (await import('./keypair.ts')).generateKey(size ?? DEFAULT_BITS));
  const csr = later(async () => makeRequest(await key.bytes(), keyFile, wanted));
  return {
    changes: [
      await planner.file({ path: keyFile, content: key, mode: 0o600, isSecret: true, replace: 'never' }),
      await planner.file({ path: csrFile, content: csr, replace: 'never' }),
    ],
  };
}

/** A pair that is there stays as it is; a request that an interrupted run did not get to is made from the key. */
async function planPresent(
  {
    keyFile,
    csrFile,
    size,
    isSubjectGiven,
    key,
    csr,
    wanted,
  }: Files & { key: Uint8Array; csr: Uint8Array | undefined },
  planner: Planner,
): Promise<Plan> {
  const { publicKeyOf, readKey } = await import('./keypair.ts');
  const { readCsr } = await import('./csr.ts');
  const warnings: string[] = [];
  const privateKey = readKey(key, keyFile);
  const { modulusLength: kept } = privateKey.asymmetricKeyDetails ?? {};
  if (size !== undefined && kept !== size) warnings.push(`${keyFile} is kept; it has ${kept} bits, not ${size}`);
  if (csr) {
    const request = readCsr(Buffer.from(csr).toString('utf8'));
    const publicKey = publicKeyOf(privateKey);
    if (!request?.isSelfSigned || !request.publicKey.equals(publicKey)) throw mismatch(keyFile, csrFile);
    if (isSubjectGiven && !hasSubject(request.subject, wanted))
      warnings.push(`${csrFile} is kept; its subject is not the one asked for`);
  }
  const request = csr ?? Buffer.from(await makeRequest(key, keyFile, wanted));
  return {
    changes: [
      await planner.file({ path: keyFile, content: known(key), mode: 0o600, isSecret: true, replace: 'never' }),
      await planner.file({ path: csrFile, content: known(request), replace: 'never' }),
    ],
    warnings,
  };
}

function hasSubject(present: readonly (readonly [string, string])[], wanted: readonly SubjectAttribute[]): boolean {
  const wantedPairs = wanted.map(({ type, value }) => [ATTRIBUTE_TYPES[type], value]);
  return JSON.stringify(present) === JSON.stringify(wantedPairs);
}

function lonelyCsr(keyFile: string, csrFile: string): UserError {
  return new UserError('SPACECTL_WOULD_OVERWRITE', `${csrFile} is there, but its key ${keyFile} is not`, {
    suggestions: [`Put the key back, or start anew: ${moveAway(csrFile)}`],
  });
}

function mismatch(keyFile: string, csrFile: string): UserError {
  return new UserError('SPACECTL_WOULD_OVERWRITE', `${keyFile} and ${csrFile} do not belong together`, {
    suggestions: [
      `If the key is the pool's: ${moveAway(csrFile)}, and run again for a new request`,
      `If not: ${moveAway(keyFile)} as well, and run again for a new pair`,
    ],
  });
}

function moveAway(file: string): string {
  return `mv ${wordFor(file)} ${wordFor(`${file}.old`)}`;
}
