import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { type Content, known, later } from '../step/content.ts';
import { inSection, optionalText } from '../step/input.ts';
import { anyText } from '../step/parsers.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { newDirectory } from '../step/shared.ts';
import { step } from '../step/step.ts';
import { makeRequest } from './requests.ts';
import { ATTRIBUTE_TYPES, attribute, parseSubject, type SubjectAttribute } from './subject.ts';

/** The pair's file names in the pool's directory, as in Spacelift's documentation. */
export const KEY_FILE = 'spacelift.key';
export const CSR_FILE = 'spacelift.csr';

/** The defaults for a new pair. */
export const [DEFAULT_NAME, DEFAULT_BITS] = ['workers.spacelift.io', 4096] as const;

/** The smallest RSA key that is considered safe (NIST SP 800-131A). */
const MIN_BITS = 2048;

/** A private key elsewhere than in the pool's directory. */
export const privateKey = optionalText({
  summary: `Private key (default: <dir>/${KEY_FILE})`,
  placeholder: 'FILE',
  parse: anyText,
});

const commonName = optionalText({
  summary: `Common name in the certificate request (default: ${DEFAULT_NAME})`,
  placeholder: 'NAME',
  parse: (name) => attribute('CN', name),
});

const bits = optionalText({
  summary: `Size of the RSA key in bits (default: ${DEFAULT_BITS})`,
  placeholder: 'N',
  parse(size) {
    const number = Number(size);
    if (/^\d+$/.test(size) && number >= MIN_BITS && number <= 16384 && number % 8 === 0) return number;
    throw new UserError('SPACECTL_BAD_INPUT', `"${size}" is not a multiple of 8 between ${MIN_BITS} and 16384`);
  },
});

const subject = optionalText({
  summary: 'Additional fields of the subject: O=Acme\\, Inc.,OU=Platform,C=DE',
  placeholder: 'FIELDS',
  parse(fields) {
    const attributes = parseSubject(fields);
    if (!attributes.some(({ type }) => type === 'CN')) return attributes;
    throw new UserError('SPACECTL_BAD_INPUT', 'CN has its own flag', { suggestions: ['Pass --common-name NAME'] });
  },
});

/** The inputs for a new key and its request. */
export const keyInputs = inSection('key', { 'common-name': commonName, bits, subject });

/** Creates the pool's private key and certificate signing request. An existing key is kept, never overwritten. */
export const keypair = step({
  id: 'keypair',
  title: 'the key pair',
  inputs: { dir: newDirectory, ...keyInputs },
  async plan({ dir, bits: size, 'common-name': name, subject: fields }, planner) {
    const [keyFile, csrFile] = [path.join(dir, KEY_FILE), path.join(dir, CSR_FILE)];
    const [key, csr] = await Promise.all([keyFile, csrFile].map((file) => readUnlessEmpty(file, planner)));
    const wanted = subjectOf(name, fields);
    const isSubjectGiven = name !== undefined || fields !== undefined;
    if (!key && csr) throw missingKey(keyFile, csrFile);
    if (!key) return planNew({ keyFile, csrFile, size, wanted, isSubjectGiven }, planner);
    return planExisting(
      { keyFile, csrFile, size, isSubjectGiven, key: await key.bytes(), csr: await csr?.bytes(), wanted },
      planner,
    );
  },
});

/** Reads a file. One that is empty counts as missing: a killed process leaves it on a file system without hard links. */
async function readUnlessEmpty(file: string, planner: Planner): Promise<Content | undefined> {
  const content = await planner.read(file);
  return content?.isKnown && (await content.bytes()).length === 0 ? undefined : content;
}

/** Returns the complete subject of a request. */
export function subjectOf(
  name: SubjectAttribute | undefined,
  fields: readonly SubjectAttribute[] = [],
): readonly SubjectAttribute[] {
  return [name ?? attribute('CN', DEFAULT_NAME), ...fields];
}

interface Files {
  readonly keyFile: string;
  readonly csrFile: string;
  /** The given inputs. An existing pair is only compared with what the user passed. */
  readonly size: number | undefined;
  readonly isSubjectGiven: boolean;
  readonly wanted: readonly SubjectAttribute[];
}

/** Plans a new pair. The key is generated when the plan is applied: it takes a second, and a dry run does not need it. */
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

/** Plans to keep an existing pair. If an interrupted run did not write the request, it is made from the key. */
async function planExisting(
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
  const { readCsr } = await import('./read-csr.ts');
  const warnings: string[] = [];
  const privateKey = readKey(key, keyFile);
  const { modulusLength: kept = 0 } = privateKey.asymmetricKeyDetails ?? {};
  if (kept < MIN_BITS)
    warnings.push(
      `The existing ${keyFile} has only ${kept} bits: too few to be safe. Replace it with spacectl keypair rotate or, if no pool has it yet, move it away and run again`,
    );
  if (size !== undefined && kept !== size)
    warnings.push(`Keeping the existing ${keyFile}, which has ${kept} bits, not ${size}`);
  if (csr) {
    const request = readCsr(Buffer.from(csr).toString('utf8'));
    const publicKey = publicKeyOf(privateKey);
    const isOfKey = request?.publicKey.equals(publicKey) && request.isSelfSigned !== false;
    if (!request || !isOfKey) throw mismatch(keyFile, csrFile);
    if (isSubjectGiven && !hasSubject(request.subject, wanted))
      warnings.push(`Keeping the existing ${csrFile}, which has a different subject`);
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

function missingKey(keyFile: string, csrFile: string): UserError {
  return new UserError('SPACECTL_WOULD_OVERWRITE', `${csrFile} exists, but its key ${keyFile} is missing`, {
    suggestions: [{ text: 'Restore the key, or create a new pair', command: moveAway(csrFile) }],
  });
}

function mismatch(keyFile: string, csrFile: string): UserError {
  return new UserError('SPACECTL_WOULD_OVERWRITE', `${csrFile} was not made with the key ${keyFile}`, {
    suggestions: [
      { text: "If the key is the pool's, run again for a new request after", command: moveAway(csrFile) },
      { text: 'If not, run again for a new pair after moving the key too', command: moveAway(keyFile) },
    ],
  });
}

function moveAway(file: string): string {
  return `mv ${quoteIfNeeded(file)} ${quoteIfNeeded(`${file}.old`)}`;
}
