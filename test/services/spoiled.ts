/** How a directory may be unusable, and what makes it so in a mount namespace of its own. */
const WAYS = {
  'read-only': 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"',
  'out of inodes': 'mount -t tmpfs -o nr_inodes=50 tmpfs "$0" && fill; n=0; while touch "$0/$n"; do n=$((n + 1)); done',
  'out of space': 'mount -t tmpfs -o size=128k tmpfs "$0" && fill; dd if=/dev/zero of="$0/filler"',
} as const;

export type SpoiledWay = keyof typeof WAYS;

export const SPOILED = Object.keys(WAYS).map((way) => [way as SpoiledWay] as const);

/** Returns what goes before a command that is to find a directory unusable, with what was in it. */
export function withSpoiled(way: SpoiledWay, folder: string): readonly string[] {
  const script = `exec 3>&2 2>/dev/null; set -e; tar -C "$0" -cf "$0.tar" .; fill() { tar -C "$0" -xf "$0.tar"; }
    { ${WAYS[way]}; } || true
    rm "$0.tar"; exec 2>&3 3>&-; exec "$@"`;
  return ['unshare', '--mount', 'sh', '-c', script, folder];
}
