import { compareVersions } from '../../core/text.ts';
import type { Examination } from '../../oci/index.ts';
import type { Reader } from '../../x509/index.ts';
import type { Readers } from '../custom/reader-remarks.ts';

/** The files by which an image shows that it has a reader. The first group is its version, if the name has one. */
const FILES: Readonly<Record<Exclude<Reader, 'go'>, RegExp>> = {
  openssl: /\/libcrypto\.so\./,
  gnutls: /\/libgnutls\.so\./,
  python: /\/(?:bin\/|lib)python(3\.\d{1,4})?[^/]*$/,
  java: /\/libjvm\.so$/,
  node: /\/(?:bin\/node|libnode\.so\.[^/]*)$/,
};

/**
 * Lists the readers that an image has. Go is always one of them: Spacelift runs Terraform and its own worker in the image.
 * @returns `undefined` if that is not known, because not all layers were read
 */
export function readersIn({ files, isComplete }: Examination): Readers {
  if (!isComplete) return undefined;
  const readers = new Map<Reader, string | undefined>([['go', undefined]]);
  for (const [reader, name] of Object.entries(FILES) as [keyof typeof FILES, RegExp][]) {
    const found = files.map(({ path }) => name.exec(path)).filter((match) => match !== null);
    const versions = found.flatMap(([, version]) => version ?? []);
    if (found.length > 0) readers.set(reader, versions.sort(compareVersions).at(-1));
  }
  return readers;
}
