import { appendFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { createHost, type HostOptions } from './host.ts';
import { putKeyPair } from './key-pair.ts';
import { spacectl } from './program.ts';
import { temporaryFolder } from './temporary.ts';
import { makeToken } from './token.ts';
import { compileLauncher, startDownloads } from './worker.ts';

/** The servers of downloads, which are on the host's own loopback. */
const NAMES = ['downloads.spacelift.io', 'keys.openpgp.org'];

/** A host that is about to boot for the first time, as a cloud starts it: with user data and nothing else of ours. */
export async function setUpFirstBoot(options: Omit<HostOptions, 'names'>, flags: readonly string[] = []) {
  const host = await createHost({ ...options, names: NAMES });
  // An address of its own: a connection for downloads is none to Spacelift.
  await appendFile(path.join(host.root, 'etc/hosts'), '127.0.0.2 app.spacelift.io\n');
  const downloads = await startDownloads(host);
  await downloads.publish(await compileLauncher('1'));
  const at = (file: string) => path.join(host.root, file);
  // The test's own certificate authority and signing key, in place of the public ones.
  await writeFile(at('usr/local/share/ca-certificates/test.crt'), downloads.authority);
  await execa('chroot', [host.root, 'update-ca-certificates']);
  await mkdir(at('etc/systemd/system/spacelift-launcher.service.d'), { recursive: true });
  const pinned = `[Service]\nEnvironment=SPACELIFT_LAUNCHER_FINGERPRINT=${downloads.fingerprint}\n`;
  await writeFile(at('etc/systemd/system/spacelift-launcher.service.d/test.conf'), pinned);

  const dir = await temporaryFolder();
  await putKeyPair(dir);
  await writeFile(path.join(dir, 'worker-pool.config'), await makeToken({ key: path.join(dir, 'spacelift.key') }));
  const render = ['render', 'cloud-init', '--dir', dir, '--embed-secrets', ...flags];
  const rendered = await spacectl(render);
  expect({ exitCode: rendered.exitCode, stderr: rendered.stderr }).toMatchObject({ exitCode: 0 });
  await host.seed(await readFile(path.join(dir, 'cloud-init.yaml')));
  return { host, at, downloads, dir };
}

/** Locks apt's lists on the host from early in the boot until another program waits for the lock. */
export async function holdAptLock(root: string): Promise<void> {
  const program = [
    'import fcntl, time',
    'lock = open("/var/lib/apt/lists/lock", "a")',
    'fcntl.lockf(lock, fcntl.LOCK_EX)',
    // Blocked waiters have an arrow there (proc_locks(5)).
    'while "->" not in open("/proc/locks").read(): time.sleep(0.1)',
    'time.sleep(2)',
  ].join('\n');
  const unit = '[Service]\nType=exec\nExecStart=/usr/bin/python3 /root/hold-lock.py\n';
  await writeFile(path.join(root, 'root/hold-lock.py'), `${program}\n`);
  await writeFile(path.join(root, 'etc/systemd/system/hold-lock.service'), unit);
  const wants = path.join(root, 'etc/systemd/system/sysinit.target.wants');
  await mkdir(wants, { recursive: true });
  await symlink('../hold-lock.service', path.join(wants, 'hold-lock.service'));
}
