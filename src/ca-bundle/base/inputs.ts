import { UserError } from '../../core/errors.ts';
import { choice, inSection, onlyWhen, optionalText, text, type Values, yesNo } from '../../step/input.ts';
import { parseBaseLocation, SOURCES, type Source } from './base-location.ts';
import { DEFAULT_RUNNER_IMAGE } from './defaults.ts';
import { registryInputs } from './registry-inputs.ts';

/** Sources for which there is no image to fall back on: a path has to be given. */
const LOCAL: readonly string[] = ['archive', 'oci-layout', 'dir', 'file'];

/** Loaded only when an image is given: most commands with these inputs never are. */
const oci = () => import('../../oci/index.ts');

const parsePath = (file: string) => {
  if (/^\/[^:,]+$/.test(file)) return file;
  throw new UserError('SPACECTL_BAD_INPUT', `"${file}" is not an absolute path without colon and comma`);
};

/** Reports whether a bundle is built, and from an image's own. */
const needsImage = ({ source, ca, format }: ImageSigns) =>
  source !== 'mozilla' && hasCustom({ ca }) && format !== 'additional-root-cas';

interface ImageSigns {
  readonly source: Source;
  readonly ca: readonly unknown[];
  readonly format?: string | undefined;
}

/** What the source depends on. */
interface BaseSigns {
  readonly offline: boolean;
  readonly ca: readonly unknown[];
}

/** Reports whether there is a custom certificate to add to a bundle. */
export function hasCustom({ ca }: { readonly ca: readonly unknown[] }): boolean {
  return ca.length > 0;
}

/** The path of the bundle in an image. */
export const imagePath = optionalText({
  section: 'bundle',
  summary: 'Path of the bundle in the image, if it is not a usual one',
  placeholder: 'PATH',
  parse: parsePath,
});

/** The platform for which an image is read. */
export const platform = text({
  section: 'bundle',
  summary: 'Platform of the image',
  placeholder: 'OS/ARCH',
  asked: false,
  default: 'linux/amd64',
  parse: async (given) => (await oci()).parsePlatform(given),
});

/** The inputs that say where the base of a bundle comes from. */
export const sourceInputs = inSection('bundle', {
  source: choice({
    summary: 'Where the base of the bundle comes from',
    description:
      'auto: the file or directory that --image names, recognized by its content; otherwise the registry or, if it is unreachable, a container engine on this machine that has the image. mozilla (the default with --offline): the root certificates that Node includes.',
    question: 'Where does the base of the bundle come from?',
    asked: (values: BaseSigns) => hasCustom(values),
    choices: SOURCES.map((value) => ({ value })),
    default: (values: BaseSigns) => (values.offline ? 'mozilla' : 'auto'),
  }),
  image: onlyWhen(
    needsImage,
    text({
      summary:
        'Runner image whose bundle is extended: a reference or ID, an archive or directory, a bundle file, or - for standard input',
      question: 'Which runner image do the workers use?',
      description: 'spacectl reads the bundle directly from the registry, without a container engine.',
      placeholder: 'REF|PATH',
      default: ({ source }: { source: Source }) => (LOCAL.includes(source) ? undefined : DEFAULT_RUNNER_IMAGE),
      parse: (where, { source }: { source: Source }) =>
        // The Mozilla roots are not in an image.
        parseBaseLocation(where, source === 'mozilla' ? 'auto' : source),
    }),
  ),
  platform: onlyWhen(needsImage, platform),
  'image-path': imagePath,
  'all-paths': yesNo({
    summary: 'Find every trust store in the image, so that the bundle is mounted over each of them',
  }),
  verify: choice({
    summary: 'How much of each layer is read',
    description:
      'full: every needed layer is read completely and checked against its digest. fast: spacectl stops reading a layer that BuildKit wrote as soon as nothing more can follow; such layers are unverified, and the lock file lists them.',
    asked: false,
    choices: [{ value: 'full' }, { value: 'fast' }],
    default: 'full',
  }),
  'allow-unverified': yesNo({ summary: 'Allow --verify fast for an image given by digest' }),
  cache: yesNo({
    summary: 'Cache what was found in layers; --no-cache reads every layer again and caches nothing',
    default: true,
  }),
  ...registryInputs,
});

type SourceValues = Values<typeof sourceInputs>;
type Usual = 'all-paths' | 'verify' | 'allow-unverified' | 'cache';

/** The values of these inputs. Those with a usual value may be left out, and the source is any that a lock file names. */
export type SourceRequest = Omit<SourceValues, Usual | 'source'> &
  Partial<Pick<SourceValues, Usual>> & { readonly source: string; readonly offline: boolean };

/** The values that say how any image is reached and read. */
export type Access = Omit<SourceRequest, 'source' | 'offline' | 'image' | 'platform' | 'image-path' | 'all-paths'>;
