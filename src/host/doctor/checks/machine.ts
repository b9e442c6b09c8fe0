import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { runProgram } from '../../../programs/index.ts';
import { isMissingProgram } from '../../programs.ts';
import { bad, type Check, type Finding, good, skipped, warning } from '../check.ts';

const GIGABYTE = 1024 ** 3;
const size = (bytes: number) => `${(bytes / GIGABYTE).toFixed(1)} GB`;

/** Spacelift's floor: 2 GB, which a machine of that name reports as a little less. */
const memory: Check = {
  id: 'memory',
  title: 'Memory',
  stage: 'always',
  async run() {
    const total = totalmem();
    if (total >= 1.7 * GIGABYTE) return good(size(total));
    return bad(
      `${size(total)}, and the documented floor is 2 GB`,
      'Take a larger machine: t3.small, Standard_A2_v2, e2-medium',
    );
  },
};

const processors: Check = {
  id: 'processors',
  title: 'Processors',
  stage: 'always',
  async run() {
    const count = availableParallelism();
    return count >= 2 ? good(`${count}`) : warning(`${count}, and the documented floor is 2`, 'Take a larger machine');
  },
};

/** Runner images, the worker's binary and each run's work folder: little room fails in the middle of a run. */
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
      const evidence = `${size(free)} free${share < 0.05 ? ', and hardly any inode' : ''}`;
      if (free < 2 * GIGABYTE || share < 0.05)
        findings.push(bad(evidence, 'Make room: docker system prune, or a larger disk', folder));
      else if (free < 10 * GIGABYTE)
        findings.push(warning(evidence, 'Runner images and runs may fill it: 10 GB are comfortable', folder));
      else findings.push(good(evidence, folder));
    }
    return findings;
  },
};

/** 235 is the oldest the unit is rendered for; older directives than 247 leave the sandbox thinner. */
const systemd: Check = {
  id: 'systemd',
  title: 'systemd',
  stage: 'always',
  async run({ signal }) {
    try {
      const { stdout } = await runProgram('systemctl', ['--version'], { signal });
      const version = Number(/^systemd (\d+)/.exec(stdout.toString())?.[1]);
      if (!(version >= 235)) return bad(`version ${version || 'unknown'}`, 'The unit needs systemd 235 or newer');
      if (version < 252) return warning(`version ${version}`, `Render for it: --systemd-version ${version}`);
      return good(`version ${version}`);
    } catch (error) {
      if (!isMissingProgram(error)) throw error;
      return bad('systemctl is not there', 'The launcher is run by systemd: take a host that has it');
    }
  },
};

/** Certificates, sessions and signed requests are judged by the clock; a minute is more than any network takes. */
const clock: Check = {
  id: 'clock',
  title: 'Clock',
  stage: 'always',
  async run({ client, signal, keyServer }) {
    // The egress check says why one does not answer; another may.
    const ask = async (url: string): Promise<Finding | undefined> => {
      try {
        const response = await client.request({ method: 'HEAD', url, signal });
        response.body.destroy();
        const there = Date.parse(response.headers.date ?? '');
        if (Number.isNaN(there)) return undefined;
        const off = Math.round((Date.now() - there) / 1000);
        const evidence = `${Math.abs(off)} s ${off < 0 ? 'behind' : 'ahead of'} ${response.url.host}`;
        return Math.abs(off) <= 60 ? good(evidence) : bad(evidence, 'Set it: timedatectl set-ntp true');
      } catch {
        return undefined;
      }
    };
    const [first, second] = await Promise.all([keyServer, 'https://public.ecr.aws'].map(ask));
    return first ?? second ?? skipped('no server answered whose clock it could be compared with');
  },
};

export const machineChecks: readonly Check[] = [memory, processors, disk, systemd, clock];
