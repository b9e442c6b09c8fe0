import { sha256 } from '../../../../src/core/sha256.ts';
import type { RecordedHost } from '../../../services/recorded-host/index.ts';
import { type Fault, RESTART } from './fault.ts';

const BUNDLE = '/etc/spacelift/custom-ca-bundle.crt';

/** The runner image is on the host, and a container of it sees what a test says. */
export function withRunner(
  host: RecordedHost,
  sees: { bundle?: string; own?: string; handshake?: number; said?: string } = {},
): void {
  const docker = host.programs.get('docker');
  const bundle = () => host.files.get(BUNDLE)?.bytes ?? Buffer.alloc(0);
  host.programs.set('docker', (args) => {
    if (args[0] === 'image') return {};
    if (args[0] !== 'run') return docker?.(args) ?? {};
    const script = args.at(-1) ?? '';
    if (script.startsWith('sha256sum')) {
      const paths = script
        .split(' ')
        .slice(1)
        .map((path) => path.replaceAll("'", ''));
      return { stdout: paths.map((path) => `${sees.bundle ?? sha256(bundle())}  ${path}\n`).join('') };
    }
    if (script.startsWith('cat '))
      return sees.own === '' ? { exitCode: 1 } : { stdout: sees.own ?? bundle().toString('utf8').slice(0, 100) };
    return { exitCode: sees.handshake ?? 0, stderr: sees.said ?? '' };
  });
}

export const containerFaults: readonly Fault[] = [
  {
    fault: 'containers see another bundle than the host',
    break: (host) => withRunner(host, { bundle: '0'.repeat(64) }),
    check: 'bundle-mounted',
    evidence: /sees different content than the host/,
    cure: [RESTART],
  },
  {
    fault: 'the image has no bundle at the path',
    break: (host) => withRunner(host, { own: '' }),
    check: 'bundle-current',
    evidence: /the image has no file at/,
    cure: /--image-path/,
    isWarning: true,
  },
  {
    fault: 'the bundle was built for another image',
    break: (host) => withRunner(host, { own: 'another base' }),
    check: 'bundle-current',
    evidence: /does not start with the image's own/,
    cure: /--ca-strategy host/,
  },
  {
    fault: "the image is newer than the host's bundle",
    on: ['--ca-strategy', 'host'],
    break: (host) => withRunner(host, { own: 'another base' }),
    check: 'bundle-current',
    evidence: /does not start with the image's own/,
    cure: [RESTART],
  },
  {
    fault: 'programs in containers do not trust the server',
    break: (host) => withRunner(host, { handshake: 60, said: 'curl: (60) SSL certificate problem' }),
    check: 'bundle-handshake',
    about: 'app.spacelift.io',
    evidence: /rejected \(exit 60: curl: \(60\) SSL certificate problem\)/,
    cure: /spacectl ca-bundle probe/,
  },
];
