import type { Client } from '../../../../src/ca-bundle/index.ts';
import { sha256 } from '../../../../src/core/sha256.ts';
import type { RecordedHost } from '../../../services/recorded-host/index.ts';
import { type Fault, RESTART } from './fault.ts';

const BUNDLE = '/etc/spacelift/custom-ca-bundle.crt';

const MOUNTED = '/etc/ssl/certs/ca-certificates.crt';
const CERT_PEM = '/usr/lib/ssl/cert.pem';
const known = { basis: 'measured', source: 'a test' } as const;
const GO: Client = { client: 'go', reads: [MOUNTED, '/etc/ssl/certs'], sees: 'yes', ...known };
const OPENSSL: Client = { client: 'openssl', reads: [CERT_PEM], sees: 'yes', ...known };

/** The image's clients. @param neededBy further paths over which the bundle would have to be mounted */
function withClients(host: RecordedHost, clients: readonly Client[], neededBy: Record<string, Client['client']> = {}) {
  host.says.clients = { clients, mountPaths: [], neededBy: new Map(Object.entries(neededBy)) };
}

/** The runner image is on the host, and a container of it sees what a test says. */
export function withRunner(
  host: RecordedHost,
  sees: { bundle?: string; own?: string; elsewhere?: string; handshake?: number; said?: string } = {},
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
      const digestAt = (path: string) =>
        (path === MOUNTED ? undefined : sees.elsewhere) ?? sees.bundle ?? sha256(bundle());
      return { stdout: paths.map((path) => `${digestAt(path)}  ${path}\n`).join('') };
    }
    if (script.startsWith('cat '))
      return sees.own === '' || !script.includes(MOUNTED)
        ? { exitCode: 1 }
        : { stdout: sees.own ?? bundle().toString('utf8').slice(0, 100) };
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
  {
    fault: "Go in the image reads another file than Debian's",
    break(host) {
      withRunner(host);
      withClients(host, [{ ...GO, reads: ['/opt/ca.pem'], sees: 'with variable' }], { '/opt/ca.pem': 'go' });
    },
    check: 'bundle-clients',
    about: 'Terraform (Go)',
    evidence: /reads \/opt\/ca\.pem, over which the bundle is not mounted/,
    cure: /host install --dir DIR --mount-path \/opt\/ca\.pem/,
  },
  {
    fault: 'OpenSSL in the image has no file',
    break(host) {
      withRunner(host);
      withClients(host, [GO, { ...OPENSSL, sees: 'with variable' }], { [CERT_PEM]: 'openssl' });
    },
    check: 'bundle-clients',
    about: 'OpenSSL',
    evidence: /reads \/usr\/lib\/ssl\/cert\.pem, over which the bundle is not mounted/,
    cure: /--mount-path \/usr\/lib\/ssl\/cert\.pem/,
    isWarning: true,
  },
  {
    fault: 'a container has another file where OpenSSL looks',
    break(host) {
      withRunner(host, { elsewhere: '1'.repeat(64) });
      withClients(host, [GO, OPENSSL]);
    },
    check: 'bundle-clients',
    about: 'OpenSSL',
    evidence: /reads \/usr\/lib\/ssl\/cert\.pem, where a container does not have the bundle/,
    cure: [RESTART],
  },
];
