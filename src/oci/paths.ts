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
