import { stat } from 'node:fs/promises';
import { UserError } from '../../core/errors.ts';
import { readInput } from '../../files/read.ts';
import {
  choice,
  list,
  onlyWhen,
  optionalText,
  optionalYesNo,
  secret,
  text,
  type Values,
  yesNo,
} from '../../step/input.ts';
import { anyText } from '../../step/parsers.ts';
import { DEFAULT_RUNNER_IMAGE } from './defaults.ts';
import type { BaseLocation } from './store.ts';

/** Where the base of a bundle may come from; `auto` ends up as one of the others. */
const SOURCES = ['auto', 'registry', 'docker', 'podman', 'archive', 'oci-layout', 'file', 'mozilla'] as const;

/** Sources for which there is no image to fall back on: a path has to be given. */
const LOCAL: readonly string[] = ['archive', 'oci-layout', 'file'];

/** What nobody would call an image. */
const LOOKS_LIKE_PATH = /^[./~]|\.(?:pem|crt|cer|der|p7b|b64|tar|tgz|gz)$/i;

/** Most commands that have these inputs are never given an image. */
const oci = () => import('../../oci/index.ts');

const parsePath = (file: string) => {
  if (/^\/[^:,]+$/.test(file)) return file;
  throw new UserError('SPACECTL_BAD_INPUT', `"${file}" is not an absolute path without colon and comma`);
};

/** How a registry is reached. */
export const registryInputs = {
  'registry-ca': optionalText({
    summary: 'Certificate authority of the registry itself, if it is private',
    placeholder: 'FILE',
    parse: async (file) => (await readInput(file)).toString('latin1'),
  }),
  'registry-username': optionalText({
    summary: 'User name at the registry',
    placeholder: 'NAME',
    parse: anyText,
  }),
  'registry-password': secret({
    summary: 'Password at the registry',
    placeholder: 'FILE',
    asked: false,
    parse: anyText,
  }),
  'registry-certificate': optionalText({
    summary: 'Client certificate for a registry that asks for one; PEM',
    placeholder: 'FILE',
    parse: async (file) => (await readInput(file)).toString('latin1'),
  }),
  'registry-key': secret({
    summary: 'Private key of the client certificate; PEM without a passphrase',
    placeholder: 'FILE',
    asked: false,
    parse: anyText,
  }),
  mirror: list({
    summary: 'Host of a mirror of the registry, asked first',
    placeholder: 'HOST',
    async parse(host) {
      const { parseReference } = await oci();
      const { registry } = parseReference(`${host}/image`);
      if (registry === host) return host;
      throw new UserError('SPACECTL_BAD_INPUT', `"${host}" is not a host name with a dot or a port`);
    },
  }),
  'plain-http': optionalYesNo({
    summary: 'Talk to the registry without TLS (implied for loopback, unless --no-plain-http)',
  }),
};

type Source = (typeof SOURCES)[number];

/** Whether there is a bundle to build, and an image whose own is extended. */
const needsImage = ({ source, ca, format }: ImageSigns) =>
  source !== 'mozilla' && hasCustom({ ca }) && format !== 'additional-root-cas';

interface ImageSigns {
  readonly source: Source;
  readonly ca: readonly unknown[];
  readonly format?: string | undefined;
}

/** Whether there is anything to extend a bundle by. */
export function hasCustom({ ca }: { readonly ca: readonly unknown[] }): boolean {
  return ca.length > 0;
}

/** Where in an image its bundle is looked for. */
export const imagePath = optionalText({
  summary: 'Path of the bundle in the image, if not one of the usual ones',
  placeholder: 'PATH',
  parse: parsePath,
});

/** Which of an image's platforms is meant. */
export const platform = text({
  summary: 'Platform of the image',
  placeholder: 'OS/ARCH',
  asked: false,
  default: 'linux/amd64',
  parse: async (given) => (await oci()).parsePlatform(given),
});

/** The inputs that say where the base of a bundle comes from. */
export const sourceInputs = {
  source: choice({
    summary: 'Where the base of the bundle comes from',
    description:
      'auto: the file or folder that --image names, by its shape; otherwise the registry, or a container engine on this machine that has the image when the registry cannot be reached. With --offline: mozilla, which is the roots that Node brings along.',
    asked: false,
    choices: SOURCES.map((value) => ({ value })),
    default: (values: { offline: boolean }) => (values.offline ? 'mozilla' : 'auto'),
  }),
  image: onlyWhen(
    needsImage,
    text({
      summary: 'Runner image whose own bundle is extended: a reference, an archive, an OCI layout, or a bundle file',
      question: 'Which runner image do the workers use?',
      description: 'The bundle of an image in a registry is read from there; no container engine is needed.',
      placeholder: 'REF|PATH',
      default: ({ source }: { source: Source }) => (LOCAL.includes(source) ? undefined : DEFAULT_RUNNER_IMAGE),
      parse: (where, { source }: { source: Source }) =>
        // Of the Mozilla roots there is no image to name.
        parseBaseLocation(where, source === 'mozilla' ? 'auto' : source),
    }),
  ),
  platform: onlyWhen(needsImage, platform),
  'image-path': imagePath,
  'all-paths': yesNo({
    summary: 'Find every path of the image where a trust store lies, for the bundle to be mounted over each',
  }),
  verify: choice({
    summary: 'How much of each layer is read',
    description:
      'full: every layer that is needed is read to its end and checked against its digest. fast: layers that BuildKit wrote are left as soon as they can say no more; they are then unverified, and the lock file says which.',
    asked: false,
    choices: [{ value: 'full' }, { value: 'fast' }],
    default: 'full',
  }),
  'allow-unverified': yesNo({ summary: 'Let --verify fast read an image given by digest as well' }),
  cache: yesNo({
    summary: 'Remember what layers said; --no-cache reads every layer anew, and remembers nothing of it',
    default: true,
  }),
  ...registryInputs,
} as const;

type SourceValues = Values<typeof sourceInputs>;
type Usual = 'all-paths' | 'verify' | 'allow-unverified' | 'cache';

/** What the inputs give, of which some are as usual if not given; and any source that a lock file names. */
export type SourceRequest = Omit<SourceValues, Usual | 'source'> &
  Partial<Pick<SourceValues, Usual>> & { readonly source: string; readonly offline: boolean };

/** Of these, what says how an image is reached and read, whichever it is. */
export type Access = Omit<SourceRequest, 'source' | 'offline' | 'image' | 'platform' | 'image-path' | 'all-paths'>;

/** Reads what `--image` names: a path of something that is there, or a reference. @throws UserError `SPACECTL_BAD_INPUT` */
export async function parseBaseLocation(where: string, kind: 'auto' | BaseLocation['kind']): Promise<BaseLocation> {
  if (kind === 'file') return { kind, path: where };
  const { parseLocation, detectKind } = await oci();
  if (kind !== 'auto') return parseLocation(where, kind);
  const shape = await detectKind(where);
  if (shape === 'other file') return { kind: 'file', path: where };
  if (shape) return parseLocation(where, shape);
  if (LOOKS_LIKE_PATH.test(where)) {
    const isFolder = (await stat(where).catch(() => undefined))?.isDirectory() ?? false;
    const why = isFolder ? 'it is a folder, but no OCI layout (it has no index.json)' : 'there is no such file';
    throw new UserError('SPACECTL_CANNOT_READ', `Cannot read ${where}: ${why}`);
  }
  const location = await parseLocation(where, 'registry');
  return { ...location, mayUseEngine: true };
}
