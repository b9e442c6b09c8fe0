import { stat } from 'node:fs/promises';
import { UserError } from '../../core/errors.ts';
import { readInput } from '../../files/read.ts';
import {
  type Answers,
  choice,
  list,
  onlyWhen,
  optionalText,
  optionalYesNo,
  secret,
  text,
  yesNo,
} from '../../step/input.ts';
import { DEFAULT_RUNNER_IMAGE } from './request.ts';
import type { BaseLocation } from './store.ts';

/** Where the base of a bundle may come from; `auto` is not among them, since it ends up as one of these. */
const SOURCES = ['registry', 'docker', 'podman', 'archive', 'oci-layout', 'file', 'mozilla'] as const;

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
    parse: (name) => name,
  }),
  'registry-password': secret({
    summary: 'Password at the registry',
    placeholder: 'FILE',
    asked: false,
    parse: (word) => word,
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
    parse: (key) => key,
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

/** The inputs that say where the base of a bundle comes from. `needsBase`: whether there is one to be had at all. */
export function sourceInputs(needsBase: (answers: Answers) => boolean) {
  const needsImage = (answers: Answers) => answers['source'] !== 'mozilla' && needsBase(answers);
  return {
    source: choice({
      summary: 'Where the base of the bundle comes from',
      description:
        'auto: the file or folder that --image names, by its shape; otherwise the registry, or a container engine on this machine that has the image when the registry cannot be reached. With --offline: mozilla, which is the roots that Node brings along.',
      asked: false,
      choices: [{ value: 'auto' }, ...SOURCES.map((value) => ({ value }))],
      default: (answers) => (answers['offline'] ? 'mozilla' : 'auto'),
    }),
    image: onlyWhen(
      needsImage,
      text({
        summary: 'Runner image whose own bundle is extended: a reference, an archive, an OCI layout, or a bundle file',
        question: 'Which runner image do the workers use?',
        description: 'The bundle of an image in a registry is read from there; no container engine is needed.',
        placeholder: 'REF|PATH',
        default: ({ source }) => (LOCAL.includes(String(source)) ? undefined : DEFAULT_RUNNER_IMAGE),
        parse: (where, answers) => parseBaseLocation(where, answers['source'] as 'auto' | BaseLocation['kind']),
      }),
    ),
    platform: onlyWhen(
      needsImage,
      text({
        summary: 'Platform of the image',
        placeholder: 'OS/ARCH',
        asked: false,
        default: 'linux/amd64',
        parse: async (given) => (await oci()).parsePlatform(given),
      }),
    ),
    'image-path': optionalText({
      summary: 'Path of the bundle in the image, if not one of the usual ones',
      placeholder: 'PATH',
      parse: parsePath,
    }),
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
  };
}

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
