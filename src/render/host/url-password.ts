import path from 'node:path';
import type { Values } from '../../step/input.ts';
import type { hostInputs } from './inputs.ts';

/**
 * Tells whether a text holds a URL with a password (RFC 3986, section 3.2.1), such as a proxy's. A file with such a text
 * is a secret.
 */
export function holdsPassword(text: string): boolean {
  return /:\/\/[^/?#\s@:]*:[^/?#\s@]+@/.test(text);
}

/** Warns of files of a Terraform configuration that hold a password, and says where it becomes visible. */
export function passwordWarnings(folder: string, texts: Readonly<Record<string, string>>): readonly string[] {
  const files = Object.keys(texts).filter((name) => holdsPassword(texts[name] ?? ''));
  if (files.length === 0) return [];
  const list = files.map((name) => path.join(folder, name)).join(', ');
  return [
    `${list}: a URL with a password. Terraform stores it in its state, and it is readable in the machines' user data`,
  ];
}

/** Returns whether a proxy's URL holds a password. */
export function hasProxyPassword(values: Values<typeof hostInputs>): boolean {
  return [values['http-proxy'], values['https-proxy']].some(
    (proxy) => proxy !== undefined && new URL(proxy).password !== '',
  );
}
