import { bad, type Check, defineCheck, good, orGood, skipped, warning } from '../check.ts';
import type { FileSystem } from '../facts/machine.ts';

const GIGABYTE = 1024 ** 3;
const size = (bytes: number) =>
  bytes < GIGABYTE / 10 ? `${Math.round(bytes / 1024 ** 2)} MB` : `${(bytes / GIGABYTE).toFixed(1)} GB`;

/** Checks Spacelift's minimum of 2 GB, which such a machine reports as slightly less. */
const memory = defineCheck({
  id: 'memory',
  title: 'Memory',
  stage: 'always',
  needs: ['machine'],
  judge({ machine: { memory: total } }) {
    if (total >= 1.7 * GIGABYTE) return good(size(total));
    return bad(`${size(total)}, and the documented minimum is 2 GB`, {
      fix: 'Use a larger machine: t3.small, Standard_A2_v2, e2-medium',
    });
  },
});

const processors = defineCheck({
  id: 'processors',
  title: 'Processors',
  stage: 'always',
  needs: ['machine'],
  judge({ machine: { processors: count } }) {
    if (count >= 2) return good(`${count}`);
    return warning(`${count}, and the documented minimum is 2`, { fix: 'Use a larger machine' });
  },
});

/** Checks the space for runner images, the worker's binary and each run's directory: too little fails in the middle of a run. */
const disk = defineCheck({
  id: 'disk',
  title: 'Disk',
  stage: 'always',
  needs: ['machine'],
  judge: ({ machine: { fileSystems } }) => fileSystems.map(judgeSpace),
});

/** Free space under which runner images and runs may fill the disk. */
const COMFORTABLE = 10 * GIGABYTE;
const EXPLAINS = ['updates', 'worker/disk-full', 'directories'];

function judgeSpace({ directories, free, needed, freeInodes }: FileSystem) {
  const about = directories.join(', ');
  const holdsImages = needed >= 2 * GIGABYTE;
  const prune = holdsImages ? { commands: ['docker system prune --force'] } : {};
  if (freeInodes < 0.05) {
    const evidence = `${size(free)} free, but only ${(freeInodes * 100).toFixed(1)} % of the inodes`;
    const fix = `Find the directories with many files: du --inodes -x ${directories[0]} | sort -n | tail`;
    return bad(evidence, { fix, ...prune }, { about, explains: EXPLAINS });
  }
  if (free < needed) {
    const fix = holdsImages
      ? 'Remove what Docker does not use, or use a larger disk'
      : `Find what fills it: du -x ${directories[0]} | sort -n | tail`;
    return bad(`${size(free)} free, and ${size(needed)} are needed`, { fix, ...prune }, { about, explains: EXPLAINS });
  }
  if (holdsImages && free < COMFORTABLE)
    return warning(`${size(free)} free`, { fix: 'Runner images and runs may fill it: keep 10 GB free' }, { about });
  return good(`${size(free)} free`, about);
}

/** Checks the version: units are rendered for 235 or newer; before 247 their sandbox has fewer restrictions. */
const systemd = defineCheck({
  id: 'systemd',
  title: 'systemd',
  stage: 'always',
  needs: ['machine'],
  judge({ machine: { systemd: version } }) {
    if (version === undefined)
      return bad('systemctl is not installed', { fix: 'The launcher runs under systemd: use a host that has it' });
    if (!(version >= 235))
      return bad(`version ${version || 'unknown'}`, { fix: 'The unit needs systemd 235 or newer: use a newer system' });
    if (version < 252)
      return warning(`version ${version}`, { fix: `Render for this version: --systemd-version ${version}` });
    return good(`version ${version}`);
  },
});

/** Checks which spacectl a shell starts: Spacelift's CLI has the same name, so it depends on the PATH. */
const namesake = defineCheck({
  id: 'namesake',
  title: 'Programs called spacectl',
  stage: 'always',
  needs: ['namesakes'],
  judge({ namesakes: found }) {
    if (found.length === 0) return good('none on the PATH; this one was started by its path');
    const kinds = { ours: 'this program', spacelift: "Spacelift's CLI", other: 'another program' };
    const listed = found.map(({ path, kind }) => `${path} (${kinds[kind]})`).join(', ');
    if (found.findIndex(({ kind }) => kind === 'ours') <= 0) return good(listed);
    return warning(`${listed}: shells start the first one`, {
      fix: 'Put the directory of this program first on the PATH',
    });
  },
});

/** Checks that the kernel forwards packets: Docker turns it on when it starts, and a later setting may turn it off. */
const forwarding = defineCheck({
  id: 'forwarding',
  title: 'Network of containers',
  stage: 'installed',
  needs: ['machine', 'engine', 'installation'],
  judge({ machine: { forwards }, engine: { kind }, installation: { settings } }) {
    const network = settings['SPACELIFT_WORKER_NETWORK'] ?? 'bridge';
    if (kind === 'rootless' || network === 'host' || network === 'none') return good(`the network is ${network}`);
    if (forwards === undefined) return skipped('the kernel does not say whether it forwards packets');
    return orGood(
      forwards
        ? []
        : [
            bad('net.ipv4.ip_forward is 0: containers reach no server', {
              fix: 'Turn it on, and remove the setting that turns it off from /etc/sysctl.d',
              commands: ['sysctl -w net.ipv4.ip_forward=1'],
            }),
          ],
      'the kernel forwards packets',
    );
  },
});

export const machineChecks: readonly Check[] = [memory, processors, disk, systemd, namesake];
export const forwardingChecks: readonly Check[] = [forwarding];
