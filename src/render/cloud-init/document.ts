import { gzip } from '../../core/compression.ts';
import { UserError } from '../../core/errors.ts';
import type { Advice } from '../../core/suggestion.ts';
import { quoteForShell } from '../../core/text.ts';
import { formatYamlDocument } from '../../core/yaml.ts';
import { hasMark, MARK } from '../../pool-folder/index.ts';
import { type Content, derive } from '../../step/content.ts';
import { MAX_BOOT_DATA } from '../cloud/limits.ts';
import { fillTemplate } from '../format/template.ts';
import type { HostFile } from '../host/host-file.ts';

/** The clouds that read a document: the most bytes each accepts, and whether it accepts a compressed one. */
export const CLOUDS = {
  plain: { limit: Number.POSITIVE_INFINITY, isPackable: false },
  ec2: { limit: MAX_BOOT_DATA.aws, isPackable: true },
  azure: { limit: MAX_BOOT_DATA.azure, isPackable: true },
  // Google Cloud's metadata is text.
  gcp: { limit: MAX_BOOT_DATA.gcp, isPackable: false },
  openstack: { limit: MAX_BOOT_DATA.openstack, isPackable: true },
} as const;

/** A cloud that reads cloud-init documents. */
export type Cloud = keyof typeof CLOUDS;

/** Where the files wait for the installer. `/run` is in memory, so the copy of the secrets is gone after a reboot. */
const FOLDER = '/run/spacectl';

/**
 * Renders a cloud-init document: the host's files, and one command that installs Docker and then runs their installer.
 * All files belong to root; the installer creates the service's user and gives it its own.
 */
export async function renderCloudConfig(
  files: readonly HostFile[],
  conditions: Readonly<Record<string, boolean | number>>,
): Promise<Content> {
  const firstBoot = await fillTemplate('cloud-init/first-boot.sh', { folder: FOLDER }, quoteForShell, conditions);
  return derive(
    files.map(({ content }) => content),
    (...contents) => {
      const entries = files.map((file, index) => ({ ...file, bytes: contents[index] ?? new Uint8Array() }));
      const document = {
        write_files: [
          entry('first-boot.sh', 0o755, Buffer.from(withoutComments(firstBoot))),
          // Certificates and keys last, because they need another code than scripts.
          ...[...entries.filter(({ bytes }) => hasMark(bytes)), ...entries.filter(({ bytes }) => !hasMark(bytes))].map(
            ({ name, mode, bytes }) => entry(name, mode, shortened(bytes)),
          ),
        ],
        runcmd: [['sh', `${FOLDER}/first-boot.sh`]],
      };
      return `#cloud-config\n# ${MARK}\n${formatYamlDocument(document, { defaultKeyType: 'PLAIN' })}`;
    },
  );
}

/** Shortens a file that spacectl rendered, because user data is limited. Others are kept as they are. */
function shortened(bytes: Uint8Array): Uint8Array {
  return hasMark(bytes) ? Buffer.from(withoutComments(Buffer.from(bytes).toString('utf8'))) : bytes;
}

/**
 * Drops comments, except the mark, indentation and empty lines. Holds for our templates: no text in them goes on in a line that begins
 * with a blank or a `#`, or is empty.
 */
function withoutComments(text: string): string {
  return text.replace(new RegExp(`^[ \\t]*#(?!!| ${MARK}).*\n`, 'gm'), '').replace(/^[ \t]*\n|^[ \t]+/gm, '');
}

/** Returns a file of the document: as text if YAML keeps every byte of it, else as base64. */
function entry(name: string, mode: number, bytes: Uint8Array): object {
  const text = Buffer.from(bytes).toString('utf8');
  const isText = Buffer.from(text).equals(bytes) && /^[\t\n\x20-\x7e]*$/.test(text);
  return {
    path: `${FOLDER}/${name}`,
    owner: 'root:root',
    // Quoted, because YAML 1.1 would read an octal number.
    permissions: mode.toString(8).padStart(4, '0'),
    ...(isText ? { content: text } : { encoding: 'b64', content: Buffer.from(bytes).toString('base64') }),
  };
}

/** Compresses a document for cloud-init. The same document gives the same bytes. */
export function pack(document: Content): Promise<Content> {
  // With less memory, zlib changes its codes more often: better where scripts and certificates alternate.
  return derive([document], (bytes) => {
    const packed = [5, 6, 7, 8].map((memLevel) => gzip(bytes, { memLevel }));
    return packed.reduce((best, each) => (each.length < best.length ? each : best));
  });
}

/** Refuses a document that is too large for the cloud. @throws UserError `SPACECTL_TOO_LARGE`, with suggestions */
export function refuseTooLarge(document: Content, cloud: Cloud, suggestions: readonly Advice[]): Promise<Content> {
  const { limit } = CLOUDS[cloud];
  return derive([document], (bytes) => {
    if (bytes.length <= limit) return bytes;
    const message = `The cloud-init document has ${bytes.length} bytes; ${cloud} accepts at most ${limit}`;
    throw new UserError('SPACECTL_TOO_LARGE', message, { suggestions });
  });
}
