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
