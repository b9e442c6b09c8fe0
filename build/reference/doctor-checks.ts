import { CHECKS } from '../../src/host/doctor/checks/all-checks.ts';
import { code, table } from './fill.ts';

/** When each check fails or warns, by its id. */
const PROBLEMS: Readonly<Record<string, string>> = {
  memory: 'less than 2 GB of memory',
  processors: 'warning: only one processor',
  disk: 'less than 2 GB free; warning: less than 10 GB',
  systemd: 'older than 235; warning: older than 252 (render with `--systemd-version`)',
  clock: 'more than a minute off the servers that answer',
  namesake: "Spacelift's own CLI, also called `spacectl`, comes first on the `PATH`",
  'engine-socket':
    'the socket is missing, or the user `spacelift` cannot write to it. Tried as that user, because root can always write',
  engine: 'not running, or older than 20.10; warning: control groups version 1',
  egress:
    "a server that workers need cannot be reached, or its certificate is not trusted. Uses the launcher's proxies and CA certificates, and shows the issuer, which reveals a proxy that inspects TLS",
  service: 'not installed or not running; warnings: not enabled, restarted again and again',
  comms:
    'warnings only: the launcher still uses [MQTT](service.md#how-workers-talk-to-spacelift), or it polls and no setting names the server',
  'environment-files': 'systemd ignores a line',
  'file-modes': 'readable by others, or not owned by root',
  secrets: 'one is missing or unreadable, or the token was made for another key',
  'pool-token':
    "the token in the pool's folder is missing, outdated, or the pool has one for another key. Asks Spacelift, if there are credentials for the pool's account",
  metadata: 'a tag is empty or `null`',
  launcher:
    'missing, not executable, or built for another machine; warning: older than 30 days, or an older release was refused',
  'signing-key': 'revoked or expired; warning: expires within 30 days',
  'bundle-mounted': "a runner container does not see the host's bundle, byte for byte",
  'bundle-current': "the bundle does not begin with the runner image's own: made for another image, or stale",
  'bundle-handshake':
    "a TLS handshake from a runner container fails: with the image's own `curl` or `openssl`, to Spacelift or to any `--endpoint`",
};

/** Lists the doctor's checks. @throws Error unless every check has its problems described, and no other has */
export function listDoctorChecks(): string {
  const ids = CHECKS.map(({ id }) => id);
  const stray = [...ids.filter((id) => !(id in PROBLEMS)), ...Object.keys(PROBLEMS).filter((id) => !ids.includes(id))];
  if (stray.length > 0) throw new Error(`build/reference/doctor-checks.ts: describe or remove ${stray.join(', ')}`);
  const rows = CHECKS.map(({ id, title, stage }) => [
    code(id),
    title,
    stage === 'always' ? 'yes' : '',
    PROBLEMS[id] ?? '',
  ]);
  return table(['id', 'check', '`--pre`', 'fails if'], rows);
}
