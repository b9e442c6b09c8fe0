import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { quoteForShell } from '../../src/core/text.ts';
import type { Distribution } from './distributions.ts';
import { NAMESPACES } from './programs.ts';
import { temporaryFolder } from './temporary.ts';

/** What `runOn` needs, for `testWith`. */
export const DISTRIBUTION_NEEDS = [NAMESPACES, 'unshare', 'mount', 'dash', 'bash'] as const;

/** How a script ended on a distribution, what it asked package manager and systemd for, and what there is now. */
export interface DistributionRun {
  readonly exitCode: number | undefined;
  readonly stderr: string;
  readonly calls: readonly string[];
  readonly programs: readonly string[];
}

/** Programs of every distribution that the scripts call. */
const BASE = ['awk', 'cat', 'cut', 'dirname', 'id', 'od', 'rm', 'sed', 'sh', 'timeout'];

/**
 * Runs a script in a folder of files as a distribution would: with the programs that it has, and stand-ins for its
 * package manager and systemd, which know what test/services/distributions.ts says and log their calls.
 * `sleep` returns at once.
 */
export async function runOn(
  { release, shell, manager, installed, packages, refused = [], dockerSource }: Distribution,
  files: Readonly<Record<string, string>>,
  script: string,
): Promise<DistributionRun> {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  for (const name of ['bin', 'files', 'packages', 'units', 'upper', 'work']) await mkdir(at(name));
  const put = async (name: string, text: string) => {
    await writeFile(at(`bin/${name}`), text);
    await chmod(at(`bin/${name}`), 0o755);
  };
  for (const name of BASE) {
    await symlink(name === 'sh' ? `/bin/${shell}` : (await execa('which', [name])).stdout, at(`bin/${name}`));
  }
  const log = `#!/bin/bash\necho "\${0##*/} $*" >>${at('calls')}\n`;
  await put('sleep', '#!/bin/bash\n');
  await put('systemctl', `${log}[ -e ${at('units')}/"\${!#}" ]\n`);
  // Docker's packages create its group; nobody has the service's user or its UID.
  await put('getent', `#!/bin/bash\n[ "$*" = 'group docker' ] && [ -e ${at('units')}/docker.service ]\n`);
  await put(manager, `${log}${managerScript(manager, folder, [...refused])}`);
  const source = `[ "\${!#}" = ${quoteForShell(dockerSource ?? '')} ] && echo docker-ce >/etc/yum.repos.d/docker-ce.repo\n`;
  await writeFile(at('curl'), `${log}${source}`);
  for (const [name, contents] of Object.entries({ ...packages, image: installed })) {
    await writeFile(at(`packages/${name}`), contents.map((each) => `${each}\n`).join(''));
  }
  await execa('bash', ['-c', `${unpack(folder)}\nunpack image`]);
  for (const [name, text] of Object.entries(files)) await writeFile(at(`files/${name}`), text);
  await writeFile(at('os-release'), `${release}\n`);

  const inside = [
    'set -e',
    // So that the script may write below /etc.
    `mount -t overlay overlay -o lowerdir=/etc,upperdir=${at('upper')},workdir=${at('work')} /etc`,
    'mkdir -p /etc/yum.repos.d',
    'mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system',
    `cp --remove-destination ${at('os-release')} /etc/os-release`,
    `PATH=${at('bin')} exec ${at('bin/sh')} ${at(`files/${script}`)}`,
  ].join('\n');
  const run = await execa('unshare', ['--mount', 'sh', '-c', inside], { reject: false });
  const calls = await readFile(at('calls'), 'utf8').catch(() => '');
  return {
    exitCode: run.exitCode,
    stderr: run.stderr,
    calls: calls.split('\n').filter(Boolean),
    programs: (await readdir(at('bin'))).sort(),
  };
}

/** A function that puts programs and units of a package where they can be found. */
function unpack(folder: string): string {
  return `unpack() {
  while read -r each; do
    case $each in
      *.service) : >${folder}/units/$each ;;
      curl) cp ${folder}/curl ${folder}/bin/curl && chmod 755 ${folder}/bin/curl ;;
      *) printf '#!/bin/bash\\n' >${folder}/bin/$each && chmod 755 ${folder}/bin/$each ;;
    esac
  done <${folder}/packages/$1
}`;
}

/** Installs what it has, in one go or not at all. apt-get has nothing before an update; dnf needs sources only. */
function managerScript(manager: Distribution['manager'], folder: string, refused: readonly string[]): string {
  return `PATH=/usr/bin:/bin
${unpack(folder)}
if [[ " $* " == *' update '* ]]; then : >${folder}/lists; exit; fi
names=()
for each in "\${@:1}"; do case $each in -* | install | *=*) ;; *) names+=("$each") ;; esac; done
for each in "\${names[@]}"; do
  if [ ${manager} = apt-get ] && [ ! -e ${folder}/lists ]; then echo "E: Unable to locate package $each" >&2; exit 100; fi
  if [[ $each == docker-ce* || $each == containerd.io ]] && ! grep -q docker-ce /etc/yum.repos.d/docker-ce.repo; then
    echo "No match for argument: $each" >&2; exit 1
  fi
  if [[ " ${refused.join(' ')} " == *" $each "* ]]; then echo "$each conflicts with $each-minimal" >&2; exit 1; fi
  if [ ! -e ${folder}/packages/$each ]; then echo "No package $each" >&2; exit 1; fi
done
for each in "\${names[@]}"; do unpack "$each"; done
`;
}
