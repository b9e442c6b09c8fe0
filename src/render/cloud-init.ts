import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { type Content, derive } from '../step/content.ts';
import { UserError } from '../step/errors.ts';
import type { HostFile } from './host-files.ts';

/** Where a document can go, and the most bytes it may have there; OpenStack counts after base64. */
const LIMITS = {
  plain: Number.POSITIVE_INFINITY,
  ec2: 16_384,
  azure: 65_535,
  gcp: 262_144,
  openstack: Math.floor(65_535 / 4) * 3,
} as const;

export type Cloud = keyof typeof LIMITS;

/** Where the files wait for the installer. `/run` is gone after the boot, and with it the copy of the secrets. */
const FOLDER = '/run/spacectl';

/**
 * A cloud-init document: the host files, and one command that runs their installer.
 * @throws UserError `SPACECTL_TOO_LARGE` where the cloud would not take it, at once or when its content is made
 */
export async function renderCloudConfig(files: readonly HostFile[], cloud: Cloud): Promise<Content> {
  return derive(
    files.map(({ content }) => content),
    (...contents) => {
      const document = {
        write_files: files.map(({ name, mode }, index) => ({
          path: `${FOLDER}/${name}`,
          owner: 'root:root',
          permissions: mode.toString(8).padStart(4, '0'),
          ...encode(contents[index] ?? new Uint8Array()),
        })),
        runcmd: [['sh', `${FOLDER}/install.sh`]],
      };
      const text = `#cloud-config\n# Rendered by spacectl.\n${stringify(document, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })}`;
      refuseTooLarge(Buffer.byteLength(text), cloud);
      return text;
    },
  );
}

/** Compressed where that is shorter. gzip without a time in its header: the same input gives the same bytes. */
function encode(bytes: Uint8Array): { encoding: string; content: string } {
  const plain = Buffer.from(bytes).toString('base64');
  const packed = gzipSync(bytes, { level: 9 }).toString('base64');
  return packed.length < plain.length ? { encoding: 'gz+b64', content: packed } : { encoding: 'b64', content: plain };
}

function refuseTooLarge(size: number, cloud: Cloud): void {
  const limit = LIMITS[cloud];
  if (size <= limit) return;
  throw new UserError('SPACECTL_TOO_LARGE', `The cloud-init document has ${size} bytes; ${cloud} takes ${limit}`, {
    suggestions: [
      'A whole CA bundle is about 220 kB: put it into the machine image, or copy it with spacectl render systemd',
      'Google Cloud takes 262144 bytes',
    ],
  });
}
