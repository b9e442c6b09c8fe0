import { UserError } from '../../../../src/core/errors.ts';
import { ENDPOINTS } from '../../../../src/host/doctor/endpoints.ts';
import { ago, type RecordedHost } from '../../../services/recorded-host/index.ts';
import { type Fault, SETTINGS } from './fault.ts';

const ALL = ENDPOINTS.standard.map(({ host }) => host);

/** Servers that cannot be reached, with Node's code for the reason. */
function unreachable(
  host: RecordedHost,
  servers: readonly string[],
  code: string,
  suggestion = 'Check the network',
): void {
  for (const server of servers) {
    host.servers.set(server, () => {
      const cause = Object.assign(new Error(code), { code });
      throw new UserError('SPACECTL_UNREACHABLE', `Cannot reach ${server}: ${code}`, {
        suggestions: [suggestion],
        cause,
      });
    });
  }
}

const proxied = ['--https-proxy', 'http://proxy.example.com:3128'];

export const networkFaults: readonly Fault[] = [
  {
    fault: 'the clock is an hour ahead',
    break: ({ says }) => {
      says.ahead = 3600;
    },
    check: 'clock',
    evidence: /^3600 s ahead of keys\.openpgp\.org/,
    cure: /the time service does not set the clock/,
  },
  {
    fault: 'the clock is behind, and nothing sets it',
    break({ says, programs }) {
      says.ahead = -120;
      programs.set('timedatectl', () => ({ stdout: 'CanNTP=yes\nNTP=no\n' }));
    },
    check: 'clock',
    evidence: /^120 s behind/,
    cure: ['timedatectl set-ntp true'],
  },
  {
    fault: 'the clock is off, and no time service is installed',
    break({ says, programs }) {
      says.ahead = -120;
      programs.set('timedatectl', () => ({ stdout: 'CanNTP=no\nNTP=no\n' }));
    },
    check: 'clock',
    evidence: /^120 s behind/,
    cure: /chrony/,
  },
  {
    fault: 'the name server is gone',
    break: (host) => unreachable(host, ALL, 'EAI_AGAIN'),
    check: 'resolver',
    evidence: /no name can be resolved by 10\.0\.0\.2/,
    cure: /port 53/,
  },
  {
    fault: 'no name server is set',
    break(host) {
      unreachable(host, ALL, 'EAI_AGAIN');
      host.put('/etc/resolv.conf', '# written by nobody\n');
    },
    check: 'resolver',
    evidence: /resolv\.conf names no server/,
    cure: /systemd-resolved/,
  },
  {
    fault: 'a firewall drops everything',
    break: (host) => unreachable(host, ALL, 'ETIMEDOUT'),
    check: 'egress',
    about: `${ALL.length} servers`,
    evidence: /ETIMEDOUT; the same for registry\.spacelift\.io, /,
    cure: /allow outbound TCP 443 to app\.spacelift\.io, /,
  },
  {
    fault: 'a firewall rejects one server',
    break: (host) => unreachable(host, ['public.ecr.aws'], 'ECONNREFUSED'),
    check: 'egress',
    about: 'public.ecr.aws (runner images)',
    evidence: /ECONNREFUSED/,
    cure: /allow outbound TCP 443 to public\.ecr\.aws/,
  },
  {
    fault: 'a proxy inspects TLS, and its CA is not trusted',
    break: (host) => unreachable(host, ALL, 'SELF_SIGNED_CERT_IN_CHAIN'),
    check: 'egress',
    about: `${ALL.length} servers`,
    evidence: /SELF_SIGNED_CERT_IN_CHAIN/,
    cure: /spacectl host install --ca FILE --trust-on-host/,
  },
  {
    fault: "a server's certificate has expired",
    break: (host) =>
      unreachable(host, ['registry.spacelift.io'], 'CERT_HAS_EXPIRED', 'the server needs a new certificate'),
    check: 'egress',
    about: /^registry/,
    evidence: /CERT_HAS_EXPIRED/,
    cure: /^the server needs a new certificate$/,
  },
  {
    fault: "a server's certificate expires soon",
    break: (host) =>
      host.servers.set('registry.spacelift.io', () => ({
        status: 200,
        date: undefined,
        certificate: { issuer: 'CA', notAfter: ago(-3) },
      })),
    check: 'egress',
    about: /^registry/,
    evidence: /certificate by CA until/,
    cure: /expires soon/,
    isWarning: true,
  },
  {
    fault: 'one server has a stale address in /etc/hosts',
    break(host) {
      unreachable(host, ['app.spacelift.io'], 'ETIMEDOUT');
      host.put('/etc/hosts', '127.0.0.1 localhost\n10.1.2.3 app.spacelift.io\n');
    },
    check: 'egress',
    about: /^app\.spacelift\.io/,
    evidence: /ETIMEDOUT/,
    cure: /\/etc\/hosts maps it to 10\.1\.2\.3/,
  },
  {
    fault: 'the two spellings of the proxy differ',
    on: proxied,
    break: (host) => host.set('https_proxy', 'http://old.example.com:3128'),
    check: 'proxies',
    evidence: /HTTPS_PROXY and https_proxy differ/,
    cure: /both spellings the same value/,
  },
  {
    fault: 'the metadata service is asked through the proxy',
    on: proxied,
    break(host) {
      host.set('NO_PROXY', 'localhost');
      host.set('no_proxy', 'localhost');
    },
    check: 'proxies',
    evidence: /NO_PROXY does not have 169\.254\.169\.254/,
    cure: /Add it to NO_PROXY/,
    isWarning: true,
  },
  {
    fault: 'the launcher still uses MQTT',
    break: (host) => host.set('SPACELIFT_WORKER_COMMS_PROTOCOL', 'mqtt'),
    check: 'comms',
    evidence: /is mqtt: .*2027-01-01/,
    cure: /sudo spacectl host install/,
    isWarning: true,
  },
  {
    fault: 'no setting says how to communicate, so the launcher uses MQTT',
    break(host) {
      host.set('SPACELIFT_WORKER_COMMS_PROTOCOL', '');
      host.edit(SETTINGS, (text) => text.replace(/^SPACELIFT_WORKER_COMMS_PROTOCOL=.*\n/m, ''));
      host.set('SPACELIFT_DEBUG', 'false');
    },
    check: 'comms',
    evidence: /not set, which means MQTT: .*end of 2026/,
    cure: /sudo spacectl host install/,
    isWarning: true,
  },
  {
    fault: 'the protocol is misspelled',
    break: (host) => host.set('SPACELIFT_WORKER_COMMS_PROTOCOL', 'polling'),
    check: 'comms',
    evidence: /is "polling", which is neither poll nor mqtt/,
    cure: /sudo spacectl host install/,
  },
  {
    fault: 'no server to poll is named',
    break: (host) => host.set('SPACELIFT_WORKER_COMMS_URL', 'app.spacelift.io'),
    check: 'comms',
    evidence: /COMMS_URL is not set to an https URL/,
    cure: /sudo spacectl host install/,
    isWarning: true,
  },
  {
    fault: 'the polled address has a path',
    break: (host) => host.set('SPACELIFT_WORKER_COMMS_URL', 'https://app.spacelift.io/graphql'),
    check: 'comms',
    evidence: /has a path, \/graphql/,
    cure: /sudo spacectl host install/,
    isWarning: true,
  },
];
