import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { readInput } from '../files/read.ts';
import { choice, inSection, list, onlyWhen, optionalText, text, yesNo } from '../step/input.ts';
import { anyText } from '../step/parsers.ts';
import { newDirectory, offline } from '../step/shared.ts';
import { sourceInputs } from './base/inputs.ts';
import type { CertificateFiles } from './custom/certificate-files.ts';
import type { CustomCertificate } from './custom/custom-certificates.ts';
import type { Policy } from './custom/policy.ts';
import { isKubernetesName } from './formats/kubernetes-name.ts';
import { BUNDLE_FILE } from './lock/lock.ts';

/** What one `--ca` gave. */
export interface CustomSource {
  /** Files it was read from, in order; none for standard input and pipes. */
  readonly files: readonly GivenFile[];
  /** The folder all of whose certificates they are. */
  readonly folder?: string;
  readonly certificates: readonly CustomCertificate[];
  /** What was left out because it is past or before its time, to be told. */
  readonly skipped: readonly string[];
}

/** A file that was read, and the digest of what was read. */
export interface GivenFile {
  /** As it was given, or its name in the folder that was. */
  readonly path: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

const ca = list({
  section: 'bundle',
  summary: 'Certificate of your private CA: a PEM, DER or PKCS#7 file, a directory of them, or - for standard input',
  question: 'Certificates of a private CA: files or directories (optional)',
  description:
    "Workers trust the CAs in their runner image. If a server or proxy of yours has a certificate from a private CA, they need that CA too: spacectl adds it to the image's own bundle.",
  placeholder: 'FILE',
  parse: readSource,
  remark: ({ certificates }: CustomSource) =>
    certificates
      .map(({ subject, notAfter }) => `${subject}, valid until ${notAfter.toISOString().slice(0, 10)}`)
      .join('\n'),
  required: true,
});

const beforeCa = {
  dir: newDirectory,
  offline,
  ...inSection('bundle', {
    'allow-expired': yesNo({ summary: 'Accept certificates that are expired or not yet valid' }),
    'skip-expired': yesNo({ summary: 'Skip certificates that are expired or not yet valid' }),
    'allow-non-ca': yesNo({ summary: 'Accept certificates that are not CA certificates' }),
    'skip-non-ca': yesNo({
      summary: "Skip certificates that are not CA certificates, such as a server's own in its chain",
    }),
  }),
};

const afterCa = inSection('bundle', {
  ...sourceInputs,
  normalize: yesNo({
    summary: "Write the base's certificates again so that every program reads them, instead of keeping its bytes",
  }),
  output: text({
    summary: `File to write (default: <dir>/${BUNDLE_FILE}; other formats have other file names)`,
    placeholder: 'FILE',
    asked: false,
    default: ({ dir, format = 'pem' }: { dir: string; format?: Format }) => path.join(dir, FILES[format]),
    parse: anyText,
  }),
});

const FORMATS = ['pem', 'base64', 'secret-manifest', 'additional-root-cas'] as const;
type Format = (typeof FORMATS)[number];

/** What files of other formats are called; each has a lock file of its own. */
const FILES: Readonly<Record<Format, string>> = {
  pem: BUNDLE_FILE,
  base64: `${BUNDLE_FILE}.b64`,
  'secret-manifest': 'custom-ca-bundle.secret.yaml',
  'additional-root-cas': 'additional-root-cas.txt',
};

/** The name that Spacelift's documentation gives the Secret. */
export const SECRET_NAME = 'extended-ca-bundle';

const isSecret = ({ format }: { format: Format }) => format === 'secret-manifest';

const buildOnly = inSection('bundle', {
  strict: yesNo({ summary: 'Fail if there is any warning, and write nothing' }),
  format: choice({
    summary: 'Format of the bundle',
    description:
      'pem: the bundle. base64: the same on one line. secret-manifest: a Kubernetes Secret for Kubernetes workers. additional-root-cas: the custom certificates alone, for ADDITIONAL_ROOT_CAS of a self-hosted Spacelift.',
    asked: false,
    choices: FORMATS.map((value) => ({ value })),
    default: 'pem',
  }),
  'secret-name': onlyWhen(
    isSecret,
    text({
      summary: 'Name of the Kubernetes Secret',
      placeholder: 'NAME',
      asked: false,
      default: SECRET_NAME,
      parse: parseName,
    }),
  ),
  namespace: onlyWhen(
    isSecret,
    optionalText({ summary: 'Namespace of the Kubernetes Secret', placeholder: 'NAME', parse: parseName }),
  ),
});

function parseName(name: string): string {
  if (isKubernetesName(name)) return name;
  throw new UserError('SPACECTL_BAD_INPUT', `"${name}" is not a valid Kubernetes name: use only a-z, 0-9, "-" and "."`);
}

/** A bundle elsewhere than in the pool's directory. */
export const bundleFile = optionalText({
  summary: `Bundle file (default: <dir>/${BUNDLE_FILE})`,
  placeholder: 'FILE',
  parse: anyText,
});

/** The lock file of a bundle, elsewhere than beside it. */
export const lockFile = optionalText({
  summary: 'Lock file of the bundle (default: the one next to it)',
  placeholder: 'FILE',
  parse: anyText,
});

/** For `ca-bundle build`, which is pointless without a certificate; and for the wizard, where a private CA is optional. */
export const buildInputs = { ...beforeCa, ...buildOnly, ca, ...afterCa };
export const wizardInputs = { ...beforeCa, ca: { ...ca, optional: true, default: [] }, ...afterCa };

/** Reads what one `--ca` names. In a folder, files called *.pem, *.crt, *.cer, *.der, *.p7b, *.p7c count, by name. */
async function readSource(name: string, options: PolicyOptions): Promise<CustomSource> {
  const { readCustomCertificates } = await import('./custom/custom-certificates.ts');
  const { sha256 } = await import('../core/sha256.ts');
  const policy = policyOf(options);
  if (name === '-') return { files: [], ...readCustomCertificates(await readInput('-'), 'standard input', policy) };
  const stats = await stat(name).catch(() => undefined);
  const isFolder = stats?.isDirectory() ?? false;
  // A pipe, such as a shell's <(…), can be read only once.
  const isLasting = isFolder || (stats?.isFile() === true && !/^\/(?:dev|proc)\//.test(name));
  const found = isFolder ? await filesIn(name) : { files: [name], skipped: [] };
  const files: GivenFile[] = [];
  const certificates: CustomCertificate[] = [];
  const skipped = [...found.skipped];
  let hasOwn = !isFolder;
  for (const file of found.files) {
    const bytes = await readInput(file);
    if (isLasting) files.push({ path: file, sha256: sha256(bytes) });
    const read = readCustomCertificates(bytes, file, policy, isFolder);
    for (const certificate of read.certificates) certificates.push(certificate);
    for (const each of read.skipped) skipped.push(each);
    hasOwn ||= !read.isForeign;
  }
  if (!hasOwn) throw withoutCertificates(name, skipped);
  return { files, ...(isFolder && { folder: name }), certificates, skipped };
}

/** Lists the certificate files of a folder. @throws UserError `SPACECTL_BAD_CERTIFICATE` if it has none */
async function filesIn(name: string): Promise<CertificateFiles> {
  const { certificateFilesIn } = await import('./custom/certificate-files.ts');
  const found = await certificateFilesIn(name);
  if (found.files.length > 0 || found.skipped.length > 0) return found;
  const message = `${name} holds no file called *.pem, *.crt, *.cer, *.der, *.p7b or *.p7c`;
  throw new UserError('SPACECTL_BAD_CERTIFICATE', message);
}

function withoutCertificates(folder: string, skipped: readonly string[]): UserError {
  const message = `No file in ${folder} has a certificate: ${skipped.slice(0, 3).join('; ')}`;
  return new UserError('SPACECTL_BAD_CERTIFICATE', message);
}

interface PolicyOptions {
  readonly 'allow-expired': boolean;
  readonly 'skip-expired': boolean;
  readonly 'allow-non-ca': boolean;
  readonly 'skip-non-ca': boolean;
}

/** @throws UserError `SPACECTL_BAD_INPUT` for flags that conflict */
function policyOf(options: PolicyOptions): Policy {
  const [keepExpired, skipExpired] = [options['allow-expired'], options['skip-expired']];
  const [allowNonCa, skipNonCa] = [options['allow-non-ca'], options['skip-non-ca']];
  if (keepExpired && skipExpired) throw conflict('--allow-expired', '--skip-expired');
  if (allowNonCa && skipNonCa) throw conflict('--allow-non-ca', '--skip-non-ca');
  return { expired: keepExpired ? 'keep' : skipExpired ? 'skip' : 'refuse', allowNonCa, skipNonCa, now: new Date() };
}

function conflict(one: string, other: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', `${one} and ${other} conflict: pass only one`);
}
