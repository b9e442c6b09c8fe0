import { cleanPath } from '../tar/paths.ts';

/** Names that links on the way to a trust store often lead through. */
const USUAL_NAMES =
  'bin ca-trust certs etc extracted lib lib64 local openssl opt pem pki private run sbin share source ssl tls usr var';

/** Files that look like certificates, by their name. */
const CERTIFICATE_LIKE = /\.(pem|crt)$/i;

/**
 * Which plain files of a layer are worth remembering. Directories, links and whiteouts always are; of files only those
 * whose name is a component of a path that is looked up: no other can be met on the way. A lookup that comes to a name
 * outside has to widen the filter and have the layers read again.
 */
export class ScanFilter {
  readonly #names = new Set(USUAL_NAMES.split(' '));
  readonly #paths = new Set<string>();

  constructor(paths: readonly string[]) {
    for (const path of paths) {
      const components = cleanPath(path);
      this.widen(components);
      this.#paths.add(components.join('/'));
    }
  }

  /** Adds names, and a path (clean) whose content is likely to be wanted. */
  widen(names: Iterable<string>, path?: string): void {
    for (const name of names) this.#names.add(name);
    if (path !== undefined) this.#paths.add(path);
  }

  /** Everything that is asked about, as one text: the same for the same question. */
  toString(): string {
    return JSON.stringify([[...this.#names].sort(), [...this.#paths].sort()]);
  }

  /** The filter that such a text describes. */
  static parse(text: string): ScanFilter {
    const [names, paths] = JSON.parse(text) as [string[], string[]];
    const filter = new ScanFilter(paths);
    filter.widen(names);
    return filter;
  }

  /** Whether a lookup of this name meets everything of that name there is. */
  covers(name: string): boolean {
    return this.#names.has(name);
  }

  /** Whether a file is to be remembered. */
  includesFile(name: string): boolean {
    return this.#names.has(name) || CERTIFICATE_LIKE.test(name);
  }

  /** Whether the content of a file is worth keeping on the chance that it is the one looked for. */
  wantsContent(path: string): boolean {
    return this.#paths.has(path);
  }
}

export function looksLikeCertificate(name: string): boolean {
  return CERTIFICATE_LIKE.test(name);
}
