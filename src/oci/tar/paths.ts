/**
 * Returns a path as archives have it: one character per byte. Names in archives may be in any encoding, and two that differ
 * in one byte are two names.
 */
export function toByteName(path: string): string {
  return Buffer.from(path).toString('latin1');
}

/** Returns a name of an archive as text; if it is not UTF-8, with other bytes than ASCII's as `\xNN`. */
export function fromByteName(name: string): string {
  if (!/[\u0080-\u00ff]/.test(name)) return name;
  const text = Buffer.from(name, 'latin1').toString();
  if (toByteName(text) === name) return text;
  return name.replaceAll(/[\u0080-\u00ff]/g, (each) => `\\x${each.charCodeAt(0).toString(16)}`);
}

/**
 * Splits a name in an archive into clean components: `.`, `..`, doubled and leading slashes are resolved lexically, never
 * above the root. So `./etc/x`, `/etc//x` and `../etc/x` are all `etc/x`.
 */
export function cleanPath(name: string): string[] {
  const components: string[] = [];
  for (const component of name.split('/')) {
    if (component === '..') components.pop();
    else if (component !== '' && component !== '.') components.push(component);
  }
  return components;
}

/** Cleans a name in an archive. Most names are clean already, except for a slash at their end. */
export function cleanName(name: string): string {
  const path = name.endsWith('/') ? name.slice(0, -1) : name;
  return UNCLEAN.test(path) ? cleanPath(name).join('/') : path;
}

/** Matches a component that is empty, `.` or `..`. */
const UNCLEAN = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Returns the directory of a clean path; for the root, the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** Returns the last component of a clean path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Reports whether a clean path is a directory, or is in it. */
export function isWithin(path: string, directory: string): boolean {
  return (
    directory === '' ||
    (path.startsWith(directory) && (path.length === directory.length || path[directory.length] === '/'))
  );
}
