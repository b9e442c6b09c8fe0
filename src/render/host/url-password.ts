import path from 'node:path';

/**
 * Whether there is a URL with a password in this text (RFC 3986, section 3.2.1), as a proxy's may have one: then whatever
 * it is written into is a secret.
 */
export function holdsPassword(text: string): boolean {
  return /:\/\/[^/?#\s@]*:[^/?#\s@]+@/.test(text);
}

/** Says which files of a Terraform configuration have a password in them, and who gets to see it from there. */
export function passwordWarnings(folder: string, texts: Readonly<Record<string, string>>): readonly string[] {
  const files = Object.keys(texts).filter((name) => holdsPassword(texts[name] ?? ''));
  if (files.length === 0) return [];
  const list = files.map((name) => path.join(folder, name)).join(', ');
  return [
    `A URL with a password is in ${list}: Terraform keeps it in its state, and machines in what they are started with`,
  ];
}
