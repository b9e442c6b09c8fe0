import { bad, type Check, defineCheck, type Finding, orGood } from '../check.ts';
import { RESTART } from '../cures.ts';
import type { Facts } from '../facts/facts.ts';
import { mountOptionsOf } from '../facts/machine.ts';

/** The user that the runner images have as well: what they write into /opt/spacelift belongs to it. */
const USER_ID = 1983;
const AFTER = ['service', 'process', 'worker'];

/** Checks the service's user. */
const account = defineCheck({
  id: 'account',
  title: 'User spacelift',
  stage: 'installed',
  needs: ['accounts', 'engine', 'units'],
  judge({ accounts: { spacelift, users, lingers }, engine }) {
    const owner = users.find(({ id, name }) => id === USER_ID && name !== 'spacelift');
    if (owner)
      return bad(
        `UID ${USER_ID} belongs to ${owner.name}, and runner images run as that UID`,
        {
          fix: `Free it and install again: usermod --uid NEW ${owner.name}`,
        },
        { explains: ['directories', ...AFTER] },
      );
    if (!spacelift)
      return bad(
        'does not exist',
        {
          fix: 'Create it, with the owner and mode that an installation gives it',
          commands: [
            `getent group spacelift >/dev/null || groupadd --gid ${USER_ID} spacelift`,
            `useradd --uid ${USER_ID} --gid spacelift --home-dir /opt/spacelift --no-create-home --shell /usr/sbin/nologin spacelift`,
            ...(engine.kind === 'docker' ? ['usermod --append --groups docker spacelift'] : []),
            'chown -R spacelift:spacelift /opt/spacelift /var/log/spacelift',
            RESTART,
          ],
        },
        { explains: ['directories', 'engine-socket', ...AFTER] },
      );
    if (spacelift.id !== USER_ID)
      return bad(
        `its UID is ${spacelift.id}; runner images run as ${USER_ID} and cannot write to its files`,
        {
          fix: `Give it the UID ${USER_ID}, with its files`,
          commands: [
            'systemctl stop spacelift-launcher',
            `usermod --uid ${USER_ID} spacelift`,
            'chown -R spacelift:spacelift /opt/spacelift /var/log/spacelift',
            'systemctl start spacelift-launcher',
          ],
        },
        { explains: ['directories', ...AFTER] },
      );
    return orGood(
      engine.kind === 'rootless' && !lingers
        ? [
            bad(
              'its user manager does not start at boot, and rootless Docker runs in it',
              {
                fix: 'Let it start at boot',
                commands: ['loginctl enable-linger spacelift', RESTART],
              },
              { explains: ['engine-socket', 'engine', ...AFTER] },
            ),
          ]
        : [],
      `UID ${spacelift.id}`,
    );
  },
});

/** Checks that the launcher can write and execute where it works, and that updates can be put in place. */
const directories = defineCheck({
  id: 'directories',
  title: 'Directories',
  stage: 'installed',
  needs: ['paths', 'machine', 'accounts'],
  judge(facts) {
    const findings = [
      ...judgeOwned('/opt/spacelift', facts),
      ...judgeOwned('/var/log/spacelift', facts),
      ...judgeTmp(facts),
      ...judgeMounts(facts),
    ];
    return orGood(findings, 'the launcher can use /opt/spacelift, /var/log/spacelift and /tmp');
  },
});

type Given = Pick<Facts, 'paths' | 'machine' | 'accounts'>;

/** Judges a directory of the service's user. */
function judgeOwned(path: string, { paths, accounts }: Given): readonly Finding[] {
  const entry = paths.entries.get(path);
  const create = `install -d -o spacelift -g spacelift -m 755 ${path}`;
  const more = { about: path, explains: AFTER };
  if (!entry) return [bad('does not exist', { fix: 'Create it', commands: [create, RESTART] }, more)];
  if (entry.kind !== 'directory')
    return [
      bad(
        'is not a directory',
        { fix: 'Move it away and create the directory', commands: [`mv ${path} ${path}.old`, create, RESTART] },
        more,
      ),
    ];
  const user = accounts.spacelift;
  if (!user) return [];
  const { mode, owner } = entry;
  if (owner !== user.id)
    return [
      bad(
        `belongs to UID ${owner}, not to spacelift`,
        { fix: 'Give it to the user', commands: [`chown -R spacelift:spacelift ${path}`, RESTART] },
        more,
      ),
    ];
  if ((mode & 0o700) !== 0o700)
    return [
      bad(
        `mode ${mode.toString(8)}: spacelift cannot use it`,
        { fix: 'Give it the mode of the installation', commands: [`chmod 755 ${path}`, RESTART] },
        more,
      ),
    ];
  return [];
}

function judgeTmp({ paths }: Given): readonly Finding[] {
  const entry = paths.entries.get('/tmp');
  if (entry?.kind === 'directory' && (entry.mode & 0o1777) === 0o1777) return [];
  const mode = entry?.mode.toString(8);
  const problem =
    entry && (entry.mode & 0o777) === 0o777 ? 'its sticky bit is missing' : 'not every user can write to it';
  const evidence = entry ? `mode ${mode}: ${problem}` : 'does not exist';
  const commands = [...(entry ? [] : ['mkdir /tmp']), 'chmod 1777 /tmp', RESTART];
  return [bad(evidence, { fix: 'Give it its usual mode', commands }, { about: '/tmp', explains: AFTER })];
}

/** Judges how file systems are mounted. /tmp is often mounted without execution, and nothing is executed there. */
function judgeMounts({ machine: { mounts } }: Given): readonly Finding[] {
  const judge = (path: string, option: 'noexec' | 'ro', problem: string, explains: readonly string[]) => {
    if (!mountOptionsOf(path, mounts).includes(option)) return [];
    const [point] = mounts
      .filter((mount) => path === mount.path || path.startsWith(`${mount.path}/`) || mount.path === '/')
      .map((mount) => mount.path)
      .sort((a, b) => b.length - a.length);
    const remount = option === 'ro' ? 'rw' : 'exec';
    const fix = `Mount it with ${remount}, also in /etc/fstab`;
    return [
      bad(
        `is mounted ${option}: ${problem}`,
        { fix, commands: [`mount -o remount,${remount} ${point ?? path}`] },
        { about: path, explains },
      ),
    ];
  };
  return [
    ...judge('/opt/spacelift', 'noexec', 'the launcher runs what it downloads there', AFTER),
    ...judge('/opt/spacelift', 'ro', 'the launcher keeps the files of runs there', AFTER),
    ...judge('/usr/local/bin', 'noexec', 'the launcher cannot be executed', AFTER),
    ...judge('/usr/local/bin', 'ro', 'no new launcher can be installed', [
      'updates',
      'launcher',
      'worker/launcher-update-failed',
    ]),
    ...judge('/var/log/spacelift', 'ro', 'the launcher cannot write its logs', AFTER),
  ];
}

export const directoryChecks: readonly Check[] = [account, directories];
