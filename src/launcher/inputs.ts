import { UserError } from '../core/errors.ts';
import { readWhole } from '../files/read.ts';
import { type Answers, optionalText, secret, text } from '../step/input.ts';
import { folder } from '../step/shared.ts';
import { SIGNING_KEY } from './pinned.ts';
import { ARCHITECTURES, type Architecture, ENVIRONMENTS, type Environment } from './release.ts';

/** The names other systems give the two kinds of machine. */
const ALIASES: Readonly<Record<string, Architecture>> = { amd64: 'x86_64', x64: 'x86_64', arm64: 'aarch64' };

const arch = text({
  summary: 'Architecture the launcher is for: x86_64 or arm64 (aarch64); this one, if not given',
  placeholder: 'ARCH',
  asked: false,
  default: () => process.arch,
  parse: parseArchitecture,
});

/** @throws UserError `SPACECTL_BAD_INPUT` for a machine there is no launcher for */
export function parseArchitecture(name: string): Architecture {
  const found = ALIASES[name] ?? ARCHITECTURES.find((each) => each === name);
  if (found) return found;
  throw bad(`There is no launcher for ${name}, only for ${ARCHITECTURES.join(' and ')}`);
}

export const environment = optionalText({
  summary: `${ENVIRONMENTS.join(', ')}; the token's own, if not given`,
  placeholder: 'NAME',
  parse(name): Environment {
    const found = ENVIRONMENTS.find((each) => each === name);
    if (found) return found;
    throw bad(`"${name}" is not one of ${ENVIRONMENTS.join(', ')}`);
  },
});

export const domain = optionalText({
  summary: "Domain the launcher is downloaded from, if not the environment's own",
  placeholder: 'DOMAIN',
  parse(name) {
    if (/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i.test(name)) return name;
    throw bad(`"${name}" is not a domain name`);
  },
});

const token = secret({
  summary: 'Worker pool token, to read the environment from (-: standard input)',
  placeholder: 'FILE',
  asked: false,
  parse: (given) => given,
});

/** Which launcher: the kind of machine, and the environment. */
export const releaseInputs = { dir: folder, arch, environment, domain, token } as const;

/** Where it comes from, and who vouches for it. */
export const sourceInputs = {
  mirror: optionalText({
    summary: 'Take the files from here instead of https://downloads.DOMAIN',
    placeholder: 'URL',
    // SPACECTL_MIRROR is a registry's.
    variable: 'SPACECTL_LAUNCHER_MIRROR',
    parse: parseBase,
  }),
  offline: optionalText({
    summary: 'Take the files from this folder, and use no network; with --signing-key',
    placeholder: 'DIR',
    // SPACECTL_OFFLINE is yes or no, and a whole pipeline may have it.
    variable: 'SPACECTL_OFFLINE_DIR',
    parse: (folder) => folder,
  }),
  'signing-key': optionalText({
    summary: "File with the key that signs launchers, instead of the key server's; its fingerprint is compared",
    placeholder: 'FILE',
    parse: (file) => file,
  }),
  'key-server': text({
    summary: 'Key server that knows the signing key',
    placeholder: 'URL',
    asked: false,
    default: 'https://keys.openpgp.org',
    parse: parseBase,
  }),
  fingerprint: text({
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
  'download-ca': optionalText({
    summary: "Authority of the download host or of an inspecting proxy, to trust beside Node's own",
    placeholder: 'FILE',
    parse: async (file) => (await readWhole(file)).toString('latin1'),
  }),
} as const;

/** The same for the hosts that are rendered: they have it at every start, and so from a place that stays. */
export const pinnedInputs = {
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
      'Self-hosted: the only launcher that hosts start, by its SHA-256; without --launcher-from it is put there by other means',
    placeholder: 'HEX',
    parse: parseDigest,
  }),
} as const;

/** A launcher of one's own installation: neither Spacelift's host nor its key has a part in it. */
export const selfHostedInputs = {
  from: optionalText({
    summary: 'Self-hosted: take the launcher from a file, an https URL (also a presigned one) or s3://BUCKET/KEY',
    placeholder: 'PLACE',
    parse(place) {
      if (place.startsWith('s3://') && !/^s3:\/\/[^/]+\/.+/.test(place)) throw bad(`"${place}" is not s3://BUCKET/KEY`);
      return /^https?:/.test(place) ? parseBase(place) : place;
    },
  }),
  sha256: optionalText({
    summary: 'SHA-256 the launcher must have; needed with --from, where no signature vouches for it',
    placeholder: 'HEX',
    parse: parseDigest,
  }),
} as const;

/** Where the launcher goes if nothing is said: under its own name, into the present folder. */
export const output = text({
  summary: 'Where to put the launcher',
  placeholder: 'FILE',
  variable: 'SPACECTL_LAUNCHER_OUTPUT',
  char: 'o',
  asked: false,
  default: (answers: Answers) => `spacelift-launcher-${String(answers['arch'])}`,
  parse: (file) => file,
});

/**
 * An http or https URL; plain http for this machine itself only. A refusal does not repeat a login or a query: the query
 * of a presigned URL is its signature.
 */
function parseBase(url: string): string {
  if (!URL.canParse(url)) throw bad('That is not a URL');
  const { protocol, hostname, username, password, host, pathname } = new URL(url);
  if (username || password) throw bad('A URL to download from has no login in it');
  if (protocol === 'https:' || (protocol === 'http:' && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)))
    return url;
  throw bad(`"${protocol}//${host}${pathname}" is not secure: give an https URL`);
}

function parseDigest(hex: string): string {
  if (/^[0-9a-f]{64}$/i.test(hex)) return hex.toLowerCase();
  throw bad('A SHA-256 has 64 hexadecimal digits');
}

function bad(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message);
}
