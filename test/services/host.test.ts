import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { createHost, HOST_PROGRAMS } from './host.ts';
import { testWith } from './programs.ts';

testWith(...HOST_PROGRAMS)(
  'the host that tests use boots, heeds its user data once, and runs containers',
  async () => {
    const host = await createHost();
    await host.seed('#cloud-config\nruncmd: [[sh, -c, "echo once >>/etc/seen"]]\n');
    const first = await host.boot();
    expect(first.state).toBe('running');
    const docker = await first.run(
      'sh',
      '-c',
      'tar -C /bin -c busybox | docker import - box && docker run --rm --network none box /busybox echo inside',
    );
    expect(docker.all).toContain('\ninside');
    await first.powerOff();
    const second = await host.boot();
    expect(second.state).toBe('running');
    await second.powerOff();
    expect(await readFile(path.join(host.root, 'etc/seen'), 'utf8')).toBe('once\n');
  },
  400_000,
);
