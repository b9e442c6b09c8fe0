/**
 * Returns what goes before a command so that programs of this machine are missing for it: what is no program hides them.
 * Needs `NAMESPACES`.
 */
export function withoutPrograms(...programs: readonly string[]): readonly string[] {
  const hide = `for each in $(which -a ${programs.join(' ')}); do mount --bind /dev/null "$each"; done`;
  return ['unshare', '--mount', 'sh', '-c', `${hide}; exec "$@"`, 'sh'];
}
