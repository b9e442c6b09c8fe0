import { generateKeyPairSync } from 'node:crypto';
import { ago, poolToken, type RecordedHost } from '../../../services/recorded-host/index.ts';
import { type Fault, RESTART, SERVICE, SETTINGS } from './fault.ts';

const FILE = '/etc/spacelift/secrets.env';

/** Installs other secrets, and starts the launcher with them. */
function replace(host: RecordedHost, name: 'SPACELIFT_TOKEN' | 'SPACELIFT_POOL_PRIVATE_KEY', value: string): void {
  host.edit(FILE, (text) => text.replace(new RegExp(`^${name}=.*$`, 'm'), value === '' ? '' : `${name}=${value}`));
  host.restart();
}

const dead = (host: RecordedHost) =>
  host.show(SERVICE, { ActiveState: 'inactive', ConditionResult: 'no', MainPID: '0' });

export const secretFaults: readonly Fault[] = [
  {
    fault: 'the secrets are gone',
    break(host) {
      host.files.delete(FILE);
      dead(host);
    },
    check: 'secrets',
    evidence: /secrets\.env, which holds .* does not exist/,
    cure: /spacectl host install --dir DIR/,
  },
  {
    fault: 'the credentials are gone',
    on: ['--secrets', 'credentials'],
    break(host) {
      host.files.delete(FILE);
      dead(host);
    },
    check: 'secrets',
    evidence: /secrets\.env, which holds .* does not exist/,
    cure: /spacectl host install --dir DIR/,
  },
  {
    fault: 'the encrypted secrets come from another machine',
    on: ['--secrets', 'encrypted'],
    break(host) {
      host.programs.set('systemd-creds', () => ({ exitCode: 1, stderr: 'Failed to decrypt' }));
      dead(host);
    },
    check: 'secrets',
    evidence: /cannot be decrypted: it was encrypted on another machine/,
    cure: /spacectl host install --dir DIR/,
  },
  {
    fault: 'the secret store refuses the host',
    on: ['--secrets-from', 'aws-ssm:/spacelift/pool'],
    break(host) {
      host.files.delete('/run/spacelift/secrets.env');
      host.show(SERVICE, { ActiveState: 'failed', Result: 'exit-code', MainPID: '0' });
    },
    check: 'secrets',
    evidence: /could not be fetched at the last start/,
    cure: ['/usr/local/sbin/spacelift-fetch-secrets', `systemctl start ${SERVICE}`],
  },
  {
    fault: 'the token is missing',
    break: (host) => replace(host, 'SPACELIFT_TOKEN', ''),
    check: 'secrets',
    evidence: /does not set SPACELIFT_TOKEN/,
    cure: /Install again with the token and key/,
  },
  {
    fault: 'the key is missing',
    break: (host) => replace(host, 'SPACELIFT_POOL_PRIVATE_KEY', ''),
    check: 'secrets',
    evidence: /does not set SPACELIFT_POOL_PRIVATE_KEY/,
    cure: /Install again with the token and key/,
  },
  {
    fault: 'the key is not encoded',
    break: (host) => replace(host, 'SPACELIFT_POOL_PRIVATE_KEY', 'spacelift.key'),
    check: 'secrets',
    evidence: /is not the base64 of a PEM private key/,
    cure: /spacectl keypair encode/,
  },
  {
    fault: 'the token was cut off',
    break: (host) => replace(host, 'SPACELIFT_TOKEN', poolToken().slice(0, 400)),
    check: 'secrets',
    evidence: /This is not a worker pool token/,
    cure: /Install again with the token and key/,
  },
  {
    fault: 'token and key are not of one pair',
    break(host) {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      replace(
        host,
        'SPACELIFT_POOL_PRIVATE_KEY',
        Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })).toString('base64'),
      );
    },
    check: 'secrets',
    evidence: /the token was made for another key/,
    cure: /spacectl workerpool token/,
  },
  {
    fault: "the token's certificate has expired",
    break: (host) => replace(host, 'SPACELIFT_TOKEN', poolToken({ notBefore: ago(400), notAfter: ago(1) })),
    check: 'token-certificate',
    evidence: /^expired on/,
    cure: /spacectl workerpool reset/,
  },
  {
    fault: "the token's certificate expires within days",
    break: (host) => replace(host, 'SPACELIFT_TOKEN', poolToken({ notBefore: ago(400), notAfter: ago(-5) })),
    check: 'token-certificate',
    evidence: /^expires on/,
    cure: /spacectl workerpool reset/,
    isWarning: true,
  },
  {
    fault: "the token's certificate is not valid yet",
    break: (host) => replace(host, 'SPACELIFT_TOKEN', poolToken({ notBefore: ago(-1) })),
    check: 'token-certificate',
    evidence: /^is not valid before/,
    cure: ['timedatectl set-ntp true'],
  },
  {
    fault: 'the token is for the US, and the launcher polls Europe',
    break: (host) => replace(host, 'SPACELIFT_TOKEN', poolToken({ endpoint: 'worker-iot.us.spacelift.io' })),
    check: 'comms',
    evidence: /polls app\.spacelift\.io, and the token is for app\.us\.spacelift\.io/,
    cure: /--worker-comms-url https:\/\/app\.us\.spacelift\.io/,
  },
  {
    fault: 'the pool was reset elsewhere',
    break: ({ says }) => {
      says.poolToken = {
        state: 'outdated',
        meaning: 'the token in pool is not the pool’s any more',
        advice: 'spacectl workerpool token',
      };
    },
    check: 'pool-token',
    evidence: /not the pool’s any more/,
    cure: /spacectl workerpool token/,
  },
  {
    fault: 'every user can read the secrets',
    break: (host) => host.change(FILE, { mode: 0o644 }),
    check: 'file-modes',
    about: FILE,
    evidence: /^644, owner 0: other users can read it/,
    cure: [`chmod 600 ${FILE}`],
  },
  {
    fault: 'the secrets belong to the user of the launcher',
    break: (host) => host.change(FILE, { owner: 1983 }),
    check: 'file-modes',
    about: FILE,
    evidence: /root does not own it/,
    cure: [`chown root ${FILE}`],
  },
  {
    fault: 'every user can read the API key',
    on: ['--recycle'],
    break: (host) => host.put('/etc/spacelift/api.env', 'SPACELIFT_API_KEY_ID=01J', { mode: 0o644 }),
    check: 'file-modes',
    about: '/etc/spacelift/api.env',
    evidence: /other users can read it/,
    cure: ['chmod 600 /etc/spacelift/api.env'],
  },
  {
    fault: 'unencrypted secrets were left behind',
    on: ['--secrets', 'encrypted'],
    break: (host) => host.put(FILE, host.programs.get('sealed')?.([]).stdout ?? '', { mode: 0o600 }),
    check: 'leftovers',
    evidence: /holds the unencrypted private key/,
    cure: [`shred --remove ${FILE}`],
  },
  {
    fault: 'a tag has no value',
    break: (host) => host.set('SPACELIFT_METADATA_zone', 'null'),
    check: 'metadata',
    about: 'SPACELIFT_METADATA_zone',
    evidence: /has no value/,
    cure: [`sed -i '/^SPACELIFT_METADATA_zone=/d' ${SETTINGS}`, RESTART],
  },
];
