import { UserError } from '../core/errors.ts';
import { readWhole } from '../files/read.ts';
import { ENVIRONMENTS } from '../pki/index.ts';
import { token } from '../pool-folder/index.ts';
import { inSection, oneOf, optionalText, text, yesNo } from '../step/input.ts';
import { anyText, matching, sha256Digest } from '../step/parsers.ts';
import { architecture, directory } from '../step/shared.ts';
import { SIGNING_KEY } from './pinned.ts';
import { machineOf, type WorkerArchitecture } from './release.ts';

const arch = {
  ...architecture,
  section: 'launcher',
  description: 'Default: the architecture of this machine.',
  asked: false,
  default: () => [process.arch],
} as const;

export const environment = optionalText({
  section: 'hosts',
  summary: `${ENVIRONMENTS.join(', ')} (default: the token's)`,
  placeholder: 'NAME',
  parse: oneOf(ENVIRONMENTS),
});

export const domain = optionalText({
  section: 'hosts',
  summary: "Domain to download the launcher from, if not the environment's",
  placeholder: 'DOMAIN',
  parse: matching(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i, 'a domain name'),
});

/** Whether a launcher may be older than the newest one seen: the same for a download and for hosts. */
export const allowDowngrade = yesNo({
  section: 'hosts',
  summary: 'Also accept a launcher that was signed earlier than the newest one seen before',
});

/** Which launcher: the architecture, and the environment, which the token tells. */
export const releaseInputs = { dir: directory, arch, environment, domain, token } as const;

/** Where it comes from, and who vouches for it. */
export const sourceInputs = {
  'launcher-mirror': optionalText({
    section: 'launcher',
    summary: 'Take the files from here instead of https://downloads.DOMAIN',
    placeholder: 'URL',
    parse: parseBase,
  }),
  'offline-dir': optionalText({
    section: 'launcher',
    summary: 'Take the files from this directory and use no network; requires --signing-key',
    placeholder: 'DIR',
    parse: anyText,
  }),
  'signing-key': optionalText({
    section: 'hosts',
    summary:
      'File with the key that signs launchers; the key server is not asked. It must have the expected fingerprint',
    placeholder: 'FILE',
    parse: anyText,
  }),
  'key-server': text({
    section: 'launcher',
    summary: 'Key server that knows the signing key',
    placeholder: 'URL',
    asked: false,
    default: 'https://keys.openpgp.org',
    parse: parseBase,
  }),
  fingerprint: text({
    section: 'hosts',
    summary: 'Fingerprint of the key that signs launchers',
    placeholder: 'HEX',
    asked: false,
    default: SIGNING_KEY,
    parse(hex) {
      const fingerprint = hex.replace(/\s/g, '').toUpperCase();
      if (/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(fingerprint)) return fingerprint;
      throw bad('A fingerprint has 40 (or, in version 6 keys, 64) hexadecimal digits: a key id is not enough');
    },
  }),
  'allow-downgrade': allowDowngrade,
  'download-ca': optionalText({
    section: 'launcher',
    summary: "CA certificate of the download host, or of a proxy that inspects TLS; trusted in addition to Node's",
    placeholder: 'FILE',
    parse: async (file) => (await readWhole(file)).toString('latin1'),
  }),
} as const;

/** What hosts verify launchers with: the key and its fingerprint, and whether an older release will do. */
export const hostKeyInputs = {
  'signing-key': sourceInputs['signing-key'],
  fingerprint: sourceInputs.fingerprint,
  'allow-downgrade': allowDowngrade,
} as const;

/** The same for the hosts that are rendered: they have it at every start, and so from a place that stays. */
export const pinnedInputs = inSection('hosts', {
  'launcher-from': optionalText({
    summary:
      'Self-hosted: where hosts take the launcher from, with --launcher-sha256: an https URL, s3://BUCKET/KEY or a path on the host',
    placeholder: 'PLACE',
    parse(place) {
      const isOne = /^(?:https|s3):\/\/[\w.-]+(?::\d+)?\/[\w./%+=@~-]+$|^\/[\w./+=@~-]+$/.test(place);
      if (isOne) return place;
      const name = place.replace(/\?.*$/s, '');
      throw bad(`"${name}" is not an https URL without a query, s3://BUCKET/KEY or an absolute path`);
    },
  }),
  'launcher-sha256': optionalText({
    summary:
      'Self-hosted: the only launcher that hosts start, by its SHA-256; without --launcher-from, you put it there yourself',
    question: 'SHA-256 of the launcher, computed where it was built',
    placeholder: 'HEX',
    asked: ({ 'launcher-from': from }: { 'launcher-from': string | undefined }) => from !== undefined,
    parse: sha256Digest,
  }),
});

/** A launcher of one's own installation: neither Spacelift's host nor its key has a part in it. */
export const selfHostedInputs = inSection('launcher', {
  from: optionalText({
    summary: 'Self-hosted: take the launcher from a file, an https URL (also a presigned one) or s3://BUCKET/KEY',
    placeholder: 'PLACE',
    parse(place) {
      if (place.startsWith('s3://') && !/^s3:\/\/[^/]+\/.+/.test(place)) throw bad(`"${place}" is not s3://BUCKET/KEY`);
      return /^https?:/.test(place) ? parseBase(place) : place;
    },
  }),
  sha256: optionalText({
    summary: 'SHA-256 that the launcher must have; required with --from, because such a launcher has no signature',
    placeholder: 'HEX',
    parse: sha256Digest,
  }),
});

/** Where the launcher goes if nothing is said: under its own name, into the present folder. */
export const output = text({
  section: 'launcher',
  summary: 'Where to put the launcher',
  placeholder: 'FILE',
  // Every command that writes one file has --output; a variable may serve several of them.
  variable: 'launcher-output',
  char: 'o',
  asked: false,
  default: ({ arch: machine }: { arch: WorkerArchitecture }) => `spacelift-launcher-${machineOf(machine)}`,
  parse: anyText,
});

/**
 * An http or https URL; plain http for this machine itself only. A refusal does not repeat a login or a query: the query
 * of a presigned URL is its signature.
 */
async function parseBase(url: string): Promise<string> {
  if (!URL.canParse(url)) throw bad('That is not a URL');
  const { protocol, hostname, username, password, host, pathname } = new URL(url);
  if (username || password) throw bad('A URL to download from has no login in it');
  const { isLoopback } = await import('../http/index.ts');
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return url;
  throw bad(`"${protocol}//${host}${pathname}" is not secure: give an https URL`);
}

function bad(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message);
}
