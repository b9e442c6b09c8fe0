import type { FileQuestion } from '../examination.ts';
import { cleanPath } from '../tar/paths.ts';

/** Names that links to a trust store often lead through. */
const COMMON_NAMES =
  'bin ca-trust certs etc extracted lib lib64 local openssl opt pem pki private run sbin share source ssl tls usr var';

/** Matches the names of files that look like certificates. */
const CERTIFICATE_LIKE = /\.(pem|crt)$/i;

/**
 * Selects what a scan keeps of a layer. Directories, links and whiteouts are always kept; files only if their name is a
 * component of a path to look up, since a lookup cannot meet any others, or if files of that name are asked for. A lookup that leads to a name that the filter does not
 * cover must widen the filter, and the layers are read again.
 */
export class ScanFilter {
  readonly #names = new Set(COMMON_NAMES.split(' '));
  readonly #paths = new Set<string>();
  readonly #questions: readonly FileQuestion[];
  readonly #asked: RegExp | undefined;

  /** @param questions files to find by name; their content is searched */
  constructor(paths: readonly string[], questions: readonly FileQuestion[] = []) {
    this.#questions = questions;
    if (questions.length > 0) this.#asked = wholeName(questions.map(({ name }) => name).join('|'));
    for (const path of paths) {
      const components = cleanPath(path);
      this.widen(components);
      this.#paths.add(components.join('/'));
    }
  }

  /** Adds names, and a clean path whose content is likely to be needed. */
  widen(names: Iterable<string>, path?: string): void {
    for (const name of names) this.#names.add(name);
    if (path !== undefined) this.#paths.add(path);
  }

  /** Formats the filter as text, for `parse` and for cache keys: equal filters have equal texts. */
  toString(): string {
    return JSON.stringify([[...this.#names].sort(), [...this.#paths].sort(), this.#questions]);
  }

  /** Parses the text of `toString`, which comes from this program: it is not checked. */
  static parse(text: string): ScanFilter {
    const [names, paths, questions] = JSON.parse(text) as [string[], string[], FileQuestion[]];
    const filter = new ScanFilter(paths, questions);
    filter.widen(names);
    return filter;
  }

  /** Reports whether scans keep everything with this name. */
  covers(name: string): boolean {
    return this.#names.has(name);
  }

  /** Reports whether a scan keeps a file with this name. */
  includesFile(name: string): boolean {
    return this.#names.has(name) || CERTIFICATE_LIKE.test(name) || this.asksFor(name);
  }

  /** Reports whether files with this name are asked for, wherever they are. */
  asksFor(name: string): boolean {
    return this.#asked?.test(name) ?? false;
  }

  /** Returns the regular expression for what to find in files with this name, if anything. */
  textIn(name: string): string | undefined {
    return this.asksFor(name) ? this.#questions.find((each) => wholeName(each.name).test(name))?.text : undefined;
  }

  /** Reports whether a scan keeps the content of a file, which may be the one to read. */
  wantsContent(path: string): boolean {
    return this.#paths.has(path);
  }
}

function wholeName(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

/** Reports whether a file looks like a certificate by its name. */
export function looksLikeCertificate(name: string): boolean {
  return CERTIFICATE_LIKE.test(name);
}
