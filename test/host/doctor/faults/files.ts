import { makeCertificate } from '../../../services/certificate.ts';
import { ago } from '../../../services/recorded-host/index.ts';
import { type Fault, RESTART, SERVICE } from './fault.ts';

const SCRIPT = '/usr/local/sbin/spacelift-update-launcher';
const BUNDLE = '/etc/spacelift/custom-ca-bundle.crt';
const CUSTOM = '/etc/spacelift/custom-ca.crt';
const onHost = ['--ca-strategy', 'host'];
const ca = (days: { notBefore: Date; notAfter: Date }) => makeCertificate({ subject: { CN: 'Company' }, ...days }).pem;

const writable = (
  fault: string,
  path: string,
  attributes: { mode?: number; owner?: number; group?: number },
  evidence: RegExp,
  cure: string,
): Fault => ({
  fault,
  break: (host) => host.change(path, attributes),
  check: 'others-can-write',
  about: path,
  evidence,
  cure: [cure],
});

export const fileFaults: readonly Fault[] = [
  writable(
    'every user can change a script that root runs',
    SCRIPT,
    { mode: 0o777 },
    /every user can change it/,
    `chmod go-w ${SCRIPT}`,
  ),
  writable(
    "the launcher's user owns a script that root runs",
    SCRIPT,
    { owner: 1983 },
    /belongs to spacelift, who can replace it/,
    `chown root:root ${SCRIPT}`,
  ),
  writable(
    'the group of Docker can change the unit',
    `/etc/systemd/system/${SERVICE}`,
    { mode: 0o664, group: 999 },
    /the group docker can change it/,
    `chmod go-w /etc/systemd/system/${SERVICE}`,
  ),
  writable(
    "the launcher's user can replace the launcher",
    '/usr/local/bin',
    { mode: 0o777 },
    /mode 777: every user/,
    'chmod go-w /usr/local/bin',
  ),
  writable(
    "the launcher's user owns the settings' directory",
    '/etc/spacelift',
    { owner: 1983 },
    /belongs to spacelift/,
    'chown root:root /etc/spacelift',
  ),
  writable(
    "the launcher's user owns the state of the updates",
    '/var/lib/spacelift-launcher',
    { owner: 1983 },
    /belongs to spacelift/,
    'chown root:root /var/lib/spacelift-launcher',
  ),
  {
    fault: 'a script was changed',
    break: (host) => host.edit(SCRIPT, (text) => text.replace('set -eu', 'set -x')),
    check: 'installed-files',
    about: SCRIPT,
    evidence: /was changed since it was installed/,
    cure: /spacectl host install --dir DIR/,
  },
  {
    fault: 'a script was removed',
    break: (host) => host.files.delete(SCRIPT),
    check: 'installed-files',
    about: SCRIPT,
    evidence: /was removed/,
    cure: /spacectl host install --dir DIR/,
  },
  {
    fault: 'a script cannot be executed',
    break: (host) => host.change(SCRIPT, { mode: 0o644 }),
    check: 'installed-files',
    about: SCRIPT,
    evidence: /another mode/,
    cure: [`chmod 755 ${SCRIPT}`],
  },
  {
    fault: 'an installation was interrupted',
    break: (host) => host.put('/var/lib/spacectl/unfinished', ''),
    check: 'installed-files',
    about: 'installation',
    evidence: /was interrupted/,
    cure: /Finish it/,
  },
  {
    fault: 'a killed update left its files behind',
    break: (host) => host.put('/usr/local/bin/.spacelift-launcher.Ab12', '', { kind: 'directory', modified: ago(1) }),
    check: 'leftovers',
    evidence: /\.spacelift-launcher\.Ab12/,
    cure: ['rm -rf /usr/local/bin/.spacelift-launcher.Ab12'],
    isWarning: true,
  },
  {
    fault: 'the logs are not rotated',
    on: ['--logs', 'files'],
    break: (host) => host.files.delete('/etc/logrotate.d/spacelift'),
    check: 'log-files',
    evidence: /are not rotated/,
    cure: /--logs files/,
  },
  {
    fault: 'the bundle is gone',
    break: (host) => host.files.delete(BUNDLE),
    check: 'bundle-files',
    about: BUNDLE,
    evidence: /does not exist: Docker mounts an empty directory/,
    cure: /spacectl host install --dir DIR/,
  },
  {
    fault: 'Docker made a directory of the bundle',
    on: onHost,
    break: (host) => host.put(BUNDLE, '', { kind: 'directory' }),
    check: 'bundle-files',
    about: BUNDLE,
    evidence: /is a directory/,
    cure: [`rmdir ${BUNDLE}`, RESTART],
  },
  {
    fault: 'runs cannot read the bundle',
    break: (host) => host.change(BUNDLE, { mode: 0o600 }),
    check: 'bundle-files',
    about: BUNDLE,
    evidence: /mode 600: runs, which are not root/,
    cure: [`chmod 644 ${BUNDLE}`],
  },
  {
    fault: 'the bundle is damaged',
    on: onHost,
    break: (host) => host.edit(BUNDLE, (text) => text.replace(/-----END CERTIFICATE-----\n?$/, '')),
    check: 'bundle-files',
    about: BUNDLE,
    evidence: /is cut off/,
    cure: [RESTART],
  },
  {
    fault: 'a private key is in the bundle',
    break: (host) =>
      host.edit(BUNDLE, (text) => `${text}-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n`),
    check: 'bundle-files',
    about: BUNDLE,
    evidence: /contains a private key/,
    cure: /replace the key/,
  },
  {
    fault: 'the certificates to add are empty',
    on: onHost,
    break: (host) => host.put(CUSTOM, '# nothing\n'),
    check: 'bundle-files',
    about: CUSTOM,
    evidence: /contains no certificate/,
    cure: /spacectl host install --dir DIR/,
  },
  {
    fault: 'your CA has expired',
    on: onHost,
    break: (host) => host.install(CUSTOM, (text) => `${text}${ca({ notBefore: ago(800), notAfter: ago(3) })}`),
    check: 'bundle-files',
    about: CUSTOM,
    evidence: /^CN=Company expired on/,
    cure: /spacectl ca-bundle build --ca FILE/,
  },
  {
    fault: 'your CA expires within days',
    on: onHost,
    break: (host) => host.install(CUSTOM, (text) => `${text}${ca({ notBefore: ago(800), notAfter: ago(-3) })}`),
    check: 'bundle-files',
    about: CUSTOM,
    evidence: /^CN=Company expires on/,
    cure: /spacectl ca-bundle build --ca FILE/,
    isWarning: true,
  },
];
