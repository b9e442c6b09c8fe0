import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { testWith } from '../services/programs.ts';
import { createLab, LAB_NEEDS } from '../services/ssh-lab.ts';

testWith(...LAB_NEEDS)(
  'two hosts are installed over SSH, are seen in the pool, and are not touched by a second run',
  async () => {
    const { pool, hosts, run, config, stored } = await createLab(['worker-1', 'worker-2']);
    const ssh = ['--ssh-config', config, ...hosts.flatMap(({ name }) => ['--ssh', name])];
    const began = Date.now();
    const first = await run('deploy', pool, ...ssh, '--yes', '--wait', '2');
    console.log(first.all, Date.now() - began);
    expect(first.exitCode, first.all).toBe(0);
    expect(stored.workers).toHaveLength(2);
    const secrets = await readFile(hosts[0]?.at('etc/spacelift/secrets.env') ?? '', 'utf8');
    expect(secrets).toContain('SPACELIFT_TOKEN=');
    const before = stored.workers.map(({ id }) => id).sort();
    const again = await run('deploy', pool, ...ssh, '--yes', '--wait', '2', '--json');
    console.log(again.all);
    expect(again.exitCode, again.all).toBe(0);
    expect(stored.workers.map(({ id }) => id).sort()).toEqual(before);
  },
);
