import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { runProgram } from '../../../programs/index.ts';
import { isMissingProgram } from '../../programs.ts';
import { bad, type Check, type Finding, good, skipped, warning } from '../check.ts';

const GIGABYTE = 1024 ** 3;
const size = (bytes: number) => `${(bytes / GIGABYTE).toFixed(1)} GB`;

/** Checks Spacelift's minimum of 2 GB, which such a machine reports as slightly less. */
const memory: Check = {
  id: 'memory',
  title: 'Memory',
  stage: 'always',
  async run() {
    const total = totalmem();
    if (total >= 1.7 * GIGABYTE) return good(size(total));
    return bad(
      `${size(total)}, and the documented minimum is 2 GB`,
      'Use a larger machine: t3.small, Standard_A2_v2, e2-medium',
    );
  },
};

const processors: Check = {
  id: 'processors',
  title: 'Processors',
  stage: 'always',
  async run() {
    const count = availableParallelism();
    return count >= 2 ? good(`${count}`) : warning(`${count}, and the documented minimum is 2`, 'Use a larger machine');
  },
};

/** Checks the space for runner images, the worker's binary and each run's folder: too little fails in the middle of a run. */
const disk: Check = {
  id: 'disk',
  title: 'Disk',
  stage: 'always',
  async run() {
    const findings = [];
    for (const folder of ['/var/lib/docker', '/opt/spacelift', '/']) {
      const stats = await statfs(folder).catch(() => undefined);
      if (!stats) continue;
      const free = stats.bavail * stats.bsize;
      const share = stats.files > 0 ? stats.ffree / stats.files : 1;
      const evidence = `${size(free)} free${share < 0.05 ? ', and almost no free inodes' : ''}`;
      if (free < 2 * GIGABYTE || share < 0.05)
        findings.push(bad(evidence, 'Free up space: docker system prune, or use a larger disk', folder));
      else if (free < 10 * GIGABYTE)
        findings.push(warning(evidence, 'Runner images and runs may fill it: keep 10 GB free', folder));
      else findings.push(good(evidence, folder));
    }
    return findings;
  },
};

/** Checks the version: units are rendered for 235 or newer; before 247 their sandbox has fewer restrictions. */
const systemd: Check = {
  id: 'systemd',
  title: 'systemd',
  stage: 'always',
  async run({ signal }) {
    try {
      const { stdout } = await runProgram('systemctl', ['--version'], { signal });
      const version = Number(/^systemd (\d+)/.exec(stdout.toString())?.[1]);
      if (!(version >= 235)) return bad(`version ${version || 'unknown'}`, 'The unit needs systemd 235 or newer');
      if (version < 252) return warning(`version ${version}`, `Render for this version: --systemd-version ${version}`);
      return good(`version ${version}`);
    } catch (error) {
      if (!isMissingProgram(error)) throw error;
      return bad('systemctl is not installed', 'The launcher runs under systemd: use a host that has it');
    }
  },
};

/** Checks the clock, which certificates, sessions and signed requests depend on. A minute exceeds any network delay. */
const clock: Check = {
  id: 'clock',
  title: 'Clock',
  stage: 'always',
  async run({ client, signal, keyServer }) {
    // The egress check reports why a server does not respond; another may.
    const ask = async (url: string): Promise<Finding | undefined> => {
      try {
        const response = await client.request({ method: 'HEAD', url, signal });
        response.body.destroy();
        const there = Date.parse(response.headers.date ?? '');
        if (Number.isNaN(there)) return undefined;
        const off = Math.round((Date.now() - there) / 1000);
        const evidence = `${Math.abs(off)} s ${off < 0 ? 'behind' : 'ahead of'} ${response.url.host}`;
        return Math.abs(off) <= 60 ? good(evidence) : bad(evidence, 'Synchronize it: timedatectl set-ntp true');
      } catch {
        return undefined;
      }
    };
    const [first, second] = await Promise.all([keyServer, 'https://public.ecr.aws'].map(ask));
    return first ?? second ?? skipped('no server responded to compare the clock with');
  },
};

export const machineChecks: readonly Check[] = [memory, processors, disk, systemd, clock];
