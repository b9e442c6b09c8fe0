import { createHash } from 'node:crypto';
import { UserError } from '../../../../src/core/errors.ts';
import { ago, launcherBytes, type RecordedHost, seconds } from '../../../services/recorded-host/index.ts';
import { type Fault, RESTART, SERVICE } from './fault.ts';

const FILE = '/usr/local/bin/spacelift-launcher';
const STATE = '/var/lib/spacelift-launcher';
const dead = (host: RecordedHost) =>
  host.show(SERVICE, { ActiveState: 'failed', Result: 'exit-code', ExecMainStatus: '203', MainPID: '0' });
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const pinned = [
  '--worker-comms-url',
  'https://spacelift.example.com',
  '--launcher-from',
  'https://mirror.example.com/launcher',
  '--launcher-sha256',
  sha256(launcherBytes('the newest')),
];

export const launcherFaults: readonly Fault[] = [
  {
    fault: 'the launcher is gone',
    break(host) {
      host.files.delete(FILE);
      dead(host);
    },
    check: 'launcher',
    evidence: /does not exist/,
    cure: [RESTART],
  },
  {
    fault: 'a login page was installed as the launcher',
    break(host) {
      host.put(FILE, '<html>Sign in</html>', { mode: 0o755 });
      dead(host);
    },
    check: 'launcher',
    evidence: /is not a program for this machine/,
    cure: [`rm ${FILE}`, RESTART],
  },
  {
    fault: 'the launcher is for another architecture',
    break(host) {
      const bytes = launcherBytes('other');
      bytes.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18);
      host.put(FILE, bytes, { mode: 0o755 });
      dead(host);
    },
    check: 'launcher',
    evidence: /is not a program for this machine/,
    cure: [`rm ${FILE}`, RESTART],
  },
  {
    fault: 'the launcher is not executable',
    break(host) {
      host.change(FILE, { mode: 0o644 });
      dead(host);
    },
    check: 'launcher',
    evidence: /not executable/,
    cure: [`chmod 755 ${FILE}`, RESTART],
  },
  {
    fault: 'the launcher was not updated for two months',
    break(host) {
      host.change(FILE, { modified: ago(60) });
      host.put(`${STATE}/launcher-update`, `${seconds(ago(60))} installed\n`);
    },
    check: 'launcher',
    evidence: /updated 60 days ago/,
    cure: [RESTART],
    isWarning: true,
  },
  {
    fault: 'the launcher was replaced with another program',
    break: (host) => host.put(FILE, launcherBytes('something else'), { mode: 0o755, modified: ago(1) }),
    check: 'launcher-digest',
    evidence: /differs from the launcher that Spacelift signed/,
    cure: [RESTART],
  },
  {
    fault: 'the launcher is not the pinned one',
    on: pinned,
    break: (host) => host.put(FILE, launcherBytes('something else'), { mode: 0o755 }),
    check: 'launcher-digest',
    evidence: /is not the pinned launcher/,
    cure: [RESTART],
  },
  {
    fault: 'the last update of the launcher failed, and the old one runs',
    break: (host) => host.put(`${STATE}/launcher-update`, `${seconds(ago(1))} kept\n`),
    check: 'updates',
    about: 'launcher',
    evidence: /failed, and the last good launcher was kept/,
    cure: [RESTART],
    isWarning: true,
  },
  {
    fault: 'the last update of the launcher failed',
    break: (host) => host.put(`${STATE}/launcher-update`, `${seconds(ago(1))} failed\n`),
    check: 'updates',
    about: 'launcher',
    evidence: /^the update on .* failed$/,
    cure: [RESTART],
  },
  {
    fault: 'the last update of the bundle failed',
    on: ['--ca-strategy', 'host'],
    break: (host) => host.put(`${STATE}/bundle-update`, `${seconds(ago(1))} kept\n`),
    check: 'updates',
    about: 'bundle',
    evidence: /failed, and the last good bundle was kept/,
    cure: [RESTART],
    isWarning: true,
  },
  {
    fault: 'the download host is rolled back',
    break(host) {
      host.put(`${STATE}/refused`, `${seconds(ago(200))} ${seconds(ago(20))}\n`);
      host.put(`${STATE}/launcher-update`, `${seconds(ago(1))} kept\n`);
    },
    check: 'updates',
    about: 'launcher',
    evidence: /refused a release signed on .*, older than/,
    cure: /--allow-downgrade/,
    isWarning: true,
  },
  {
    fault: 'the signing key is revoked',
    break: ({ says }) => {
      says.key = { isRevoked: true };
    },
    check: 'signing-key',
    evidence: /^revoked/,
    cure: /contact Spacelift/,
  },
  {
    fault: 'the signing key has expired',
    break: ({ says }) => {
      says.key = { isRevoked: false, expiresAt: ago(3) };
    },
    check: 'signing-key',
    evidence: /^expired on/,
    cure: /launcher-signing-key\.asc/,
  },
  {
    fault: 'the signing key expires within days',
    break: ({ says }) => {
      says.key = { isRevoked: false, expiresAt: ago(-3) };
    },
    check: 'signing-key',
    evidence: /^expires on/,
    cure: /unless Spacelift extends the key/,
    isWarning: true,
  },
  {
    fault: 'the key server returns another key',
    break(host) {
      host.signingKey = async () => {
        throw new UserError('SPACECTL_DIGEST_MISMATCH', 'https://keys.openpgp.org returned the key AB12');
      };
    },
    check: 'signing-key',
    evidence: /returned the key AB12/,
    cure: /Check --key-server/,
  },
];
