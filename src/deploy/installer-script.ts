import { quoteForShell } from '../core/text.ts';
import type { Content } from '../step/content.ts';

/** A file for a host, next to the installer. */
export interface SentFile {
  readonly name: string;
  readonly mode: number;
  readonly content: Content;
}

/** What the script prints first, once it runs as root. */
export const IS_ROOT = 'spacectl: root';

/** Begins the line with the name of the host (`uname -n`). */
export const HOST_NAME = 'spacectl: host ';

/** Ends the here-documents: `_` is not in the alphabet of base64. */
const END = 'END_OF_FILE';

/**
 * Formats a shell script for standard input that puts files into a directory that only root can read, runs `install.sh`
 * there, and removes the directory. The shell reads it to its end before it does anything, so that a connection that breaks
 * leaves nothing half done.
 * @param mode the installer's argument, such as `check`
 */
export async function installerScript(files: readonly SentFile[], mode = ''): Promise<string> {
  const puts: string[] = [];
  for (const { name, mode: bits, content } of files) {
    const lines = Buffer.from(await content.bytes())
      .toString('base64')
      .replaceAll(/.{76}/g, '$&\n');
    const place = quoteForShell(name);
    puts.push(`base64 -d >${place} <<'${END}'\n${lines}\n${END}\nchmod ${bits.toString(8)} ${place}`);
  }
  // On systems without /run, the directory is on disk.
  return `main() {
set -eu
umask 077
echo '${IS_ROOT}'
echo "${HOST_NAME}$(uname -n)"
parent=/run
[ -d "$parent" ] || parent=/var/tmp
folder=$(mktemp -d "$parent/spacectl-deploy.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$folder"
${puts.join('\n')}
sh ./install.sh ${mode} </dev/null
}
main
`;
}

/**
 * A script that runs the host's own checks and prints the result of each on one line: the name, then JSON. The doctor runs
 * only where this program is installed. (Spacelift's CLI has the same name, and fails.)
 */
export const ASK_HOST = `echo '${IS_ROOT}'
check=$(/usr/local/sbin/spacelift-worker-check 2>/dev/null) && :
echo "worker-check $check"
if command -v spacectl >/dev/null; then
  doctor=$(spacectl host doctor --json </dev/null 2>/dev/null | tr -d '\\n') && :
  echo "doctor $doctor"
fi
`;
