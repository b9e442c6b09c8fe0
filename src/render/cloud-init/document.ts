import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { UserError } from '../../core/errors.ts';
import { quoteForShell } from '../../core/words.ts';
import { type Content, derive } from '../../step/content.ts';
import { MOST_BOOT_DATA } from '../cloud/limits.ts';
import { fillTemplate } from '../format/template.ts';
import type { HostFile } from '../host/host-files.ts';

/** Where a document can go: the most bytes it may have there, and whether it may be compressed. */
export const CLOUDS = {
  plain: { limit: Number.POSITIVE_INFINITY, isPackable: false },
  ec2: { limit: MOST_BOOT_DATA.aws, isPackable: true },
  azure: { limit: MOST_BOOT_DATA.azure, isPackable: true },
  // Metadata is text there.
  gcp: { limit: MOST_BOOT_DATA.gcp, isPackable: false },
  openstack: { limit: MOST_BOOT_DATA.openstack, isPackable: true },
} as const;

export type Cloud = keyof typeof CLOUDS;

/** Where the files wait for the installer. `/run` is gone after the boot, and with it the copy of the secrets. */
const FOLDER = '/run/spacectl';

/**
 * A cloud-init document: the host files, and one command that installs Docker and then runs their installer. All files
 * are root's: the installer hands over what belongs to the service's user once it has made the user.
 */
export async function renderCloudConfig(
  files: readonly HostFile[],
  conditions: Readonly<Record<string, boolean | number>>,
): Promise<Content> {
  const firstBoot = await fillTemplate('cloud-init/first-boot.sh', { folder: FOLDER }, quoteForShell, conditions);
  return derive(
    files.map(({ content }) => content),
    (...contents) => {
      const document = {
        write_files: [
          entry('first-boot.sh', 0o755, Buffer.from(firstBoot)),
          ...files.map(({ name, mode }, index) => entry(name, mode, contents[index] ?? new Uint8Array())),
        ],
        runcmd: [['sh', `${FOLDER}/first-boot.sh`]],
      };
      return `#cloud-config\n# Rendered by spacectl.\n${stringify(document, { lineWidth: 0, defaultKeyType: 'PLAIN' })}`;
    },
  );
}

/** A file of the document: as text, where it is text that YAML gives back byte for byte. */
function entry(name: string, mode: number, bytes: Uint8Array): object {
  const text = Buffer.from(bytes).toString('utf8');
  const isText = Buffer.from(text).equals(bytes) && /^[\t\n\x20-\x7e]*$/.test(text);
  return {
    path: `${FOLDER}/${name}`,
    owner: 'root:root',
    // Quoted, or YAML 1.1 reads an octal number.
    permissions: mode.toString(8).padStart(4, '0'),
    ...(isText ? { content: text } : { encoding: 'b64', content: Buffer.from(bytes).toString('base64') }),
  };
}

/** The same document as cloud-init takes it compressed: gzip without a time in its header, so that it is always the same. */
export function pack(document: Content): Promise<Content> {
  return derive([document], (bytes) => gzipSync(bytes, { level: 9 }));
}

/** Lets nothing pass that the cloud would not take. @throws UserError `SPACECTL_TOO_LARGE`, with ways out */
export function fitting(document: Content, cloud: Cloud, suggestions: readonly string[]): Promise<Content> {
  const { limit } = CLOUDS[cloud];
  return derive([document], (bytes) => {
    if (bytes.length <= limit) return bytes;
    const message = `The cloud-init document has ${bytes.length} bytes; ${cloud} takes ${limit}`;
    throw new UserError('SPACECTL_TOO_LARGE', message, { suggestions });
  });
}
