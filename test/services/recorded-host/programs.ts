import type { Program, RecordedHost } from './type.ts';

const INFO = '26.1.5|2|systemd|overlay2|linux/x86_64|io.containerd.runc.v2 runc ';
const PODMAN_INFO = '5.4.2|v2|systemd|overlay|linux/amd64|crun';

/** Programs as Debian's print. */
export function standardPrograms({ files, units }: Pick<RecordedHost, 'files' | 'units'>): Map<string, Program> {
  const has = (name: string) => files.has(`/usr/bin/${name}`);
  const engine: Program = ([verb, ...rest]) => {
    if (verb === '--version') return {};
    if (verb === 'info') return { stdout: has('docker') ? INFO : PODMAN_INFO };
    if (verb === 'network') return { stdout: 'bridge\nhost\nnone\n' };
    if (verb === 'image') return { exitCode: 1, stderr: `Error: No such image: ${rest.at(-1)}` };
    return { exitCode: 125, stderr: 'not recorded' };
  };
  return new Map<string, Program>([
    [
      'systemctl',
      ([verb, ...rest]) => {
        if (verb === '--version') return { stdout: 'systemd 257 (257.9-1~deb13u1)\n' };
        const blocks = rest.slice(2).map((name) =>
          Object.entries({ Id: name, LoadState: 'not-found', ActiveState: 'inactive', ...units.get(name) })
            .map((pair) => pair.join('='))
            .join('\n'),
        );
        return { stdout: `${blocks.join('\n\n')}\n` };
      },
    ],
    [
      'getent',
      () => {
        const line = files
          .get('/etc/passwd')
          ?.bytes.toString()
          .split('\n')
          .find((each) => each.startsWith('spacelift:'));
        return line ? { stdout: `${line}\n` } : { exitCode: 2 };
      },
    ],
    ['runuser', () => ({ exitCode: 1 })],
    ['timedatectl', () => ({ stdout: 'CanNTP=yes\nNTP=yes\n' })],
    ['journalctl', () => ({ stdout: 'launcher: connection lost\n' })],
    ['systemd-creds', () => ({})],
    [
      '/usr/local/sbin/spacelift-worker-check',
      () => ({ stdout: '{"worker":true,"comms":"app.spacelift.io:443","faults":[]}\n' }),
    ],
    ['docker', (args) => (has('docker') ? engine(args) : { exitCode: 127 })],
    ['podman', (args) => engine(args[0] === '--url' ? args.slice(2) : args)],
  ]);
}
