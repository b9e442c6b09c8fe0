/**
 * The components of a name in an archive: `.`, `..` and doubled or leading slashes resolved by their text alone, and
 * never above the root. So `./etc/x`, `/etc//x` and `../etc/x` are all `etc/x`.
 */
export function cleanPath(name: string): string[] {
  const components: string[] = [];
  for (const component of name.split('/')) {
    if (component === '..') components.pop();
    else if (component !== '' && component !== '.') components.push(component);
  }
  return components;
}

/** The same as one text, which most names are already but for a slash at their end. */
export function cleanName(name: string): string {
  const path = name.endsWith('/') ? name.slice(0, -1) : name;
  return UNCLEAN.test(path) ? cleanPath(name).join('/') : path;
}

/** A component that is empty, `.` or `..`. */
const UNCLEAN = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** The directory that a clean path is in; of the root, the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** The last component of a clean path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a clean path is that of a directory, or of something in it. */
export function isWithin(path: string, directory: string): boolean {
  return (
    directory === '' ||
    (path.startsWith(directory) && (path.length === directory.length || path[directory.length] === '/'))
  );
}
