import path from 'node:path';
import { type DownloadHost, program } from './download-host.ts';
import { spacectl } from './program.ts';
import { temporaryFolder } from './temporary.ts';

/** What looks like a launcher for this machine, large enough to break off. */
export const launcherBytes = program(Buffer.alloc(3_000_000, 'launcher '));

/** A folder to download into, and a cache of its own. */
export async function setUpDownload(host: DownloadHost) {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'spacelift-launcher');
  const env = { XDG_STATE_HOME: path.join(folder, 'state'), CI: 'true' };
  const source = ['--launcher-mirror', host.url, '--key-server', host.url, '--fingerprint', host.fingerprint];
  const run = (...args: string[]) =>
    spacectl(['launcher', 'download', ...source, '--output', file, '--json', ...args], { cwd: folder, env });
  return { folder, file, env, source, run };
}
