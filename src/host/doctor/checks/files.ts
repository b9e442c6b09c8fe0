import { quoteIfNeeded } from '../../../core/text.ts';
import { SERVICE } from '../../install/install-record.ts';
import { bad, type Check, defineCheck, type Finding, orGood, skipped, warning } from '../check.ts';
import { installAgain, RESTART } from '../cures.ts';
import type { Facts } from '../facts/facts.ts';
import type { ChangedFile } from '../facts/files.ts';
import { valuesOf } from '../facts/units.ts';

/** Directories that Debian gives to the group staff (Debian Policy, 9.1.2). */
const STAFF = /^\/usr\/local(?:\/s?bin)?$/;

/** Checks what root executes and reads: a user who can write to it is root at the next start of the service. */
const othersCanWrite = defineCheck({
  id: 'others-can-write',
  title: 'Programs that root runs',
  stage: 'installed',
  needs: ['paths', 'accounts'],
  judge({ paths, accounts }) {
    const findings = paths.trusted.flatMap((path): readonly Finding[] => {
      const entry = paths.entries.get(path);
      if (!entry || entry.kind === 'other') return [];
      const { mode, owner, group } = entry;
      const more = { about: path, explains: [`installed-files/${path}`] };
      const name = quoteIfNeeded(path);
      const ownerName = accounts.users.find(({ id }) => id === owner)?.name ?? `UID ${owner}`;
      if (owner !== 0)
        return [
          bad(
            `belongs to ${ownerName}, who can replace it`,
            { fix: 'Give it to root', commands: [`chown root:root ${name}`] },
            more,
          ),
        ];
      const members = accounts.groups.find(({ id }) => id === group);
      const isForGroup = (mode & 0o020) !== 0 && group !== 0 && !(members?.name === 'staff' && STAFF.test(path));
      if ((mode & 0o002) === 0 && !isForGroup) return [];
      const who = (mode & 0o002) !== 0 ? 'every user' : `the group ${members?.name ?? group}`;
      return [
        bad(
          `mode ${mode.toString(8)}: ${who} can change it`,
          { fix: 'Let only root change it', commands: [`chmod go-w ${name}`] },
          more,
        ),
      ];
    });
    return orGood(findings, 'only root can change them');
  },
});

/** Compares the files with the install record. */
const installedFiles = defineCheck({
  id: 'installed-files',
  title: 'Installed files',
  stage: 'installed',
  needs: ['files', 'installation'],
  judge({ files: { changed }, installation }) {
    const { isUnfinished, record } = installation;
    const unfinished = isUnfinished
      ? [
          bad(
            'an installation was interrupted, or failed and was rolled back',
            installAgain(installation, 'Finish it'),
            { about: 'installation' },
          ),
        ]
      : [];
    if (!changed) return unfinished.length > 0 ? unfinished : skipped('there is no install record to compare with');
    // People edit settings by hand, and other checks judge what is in them; a script that differs is not ours.
    const [edited, others] = [changed.filter(isEdited), changed.filter((each) => !isEdited(each))];
    const findings = others.map(({ path, change, mode }): Finding => {
      const more = { about: path, explains: ['worker/service-missing'] };
      const commands = [`chmod ${mode.toString(8)} ${quoteIfNeeded(path)}`];
      if (change === 'mode')
        return bad('has another mode than it was installed with', { fix: 'Give it its mode', commands }, more);
      const evidence = change === 'missing' ? 'was removed' : 'was changed since it was installed';
      return bad(evidence, installAgain(installation), more);
    });
    const count = `${record?.files.length ?? 0} files are as they were installed`;
    const byHand = edited.map(({ path }) => path).join(', ');
    return orGood([...unfinished, ...findings], byHand ? `${count}, except settings: ${byHand}` : count);
  },
});

function isEdited({ path, change }: ChangedFile): boolean {
  return change === 'changed' && path.endsWith('.env');
}

/** Looks for what killed runs and earlier installations left behind. */
const leftovers = defineCheck({
  id: 'leftovers',
  title: 'Leftovers',
  stage: 'installed',
  needs: ['paths', 'units'],
  judge({ paths, units }) {
    const findings: Finding[] = [];
    if (paths.leftovers.length > 0) {
      const names = paths.leftovers.map((each) => quoteIfNeeded(each));
      findings.push(
        warning(`temporary files of killed runs: ${paths.leftovers.join(', ')}`, {
          fix: 'Remove them',
          commands: [`rm -rf ${names.join(' ')}`],
        }),
      );
    }
    if (isSecretUnused({ paths, units }))
      findings.push(
        bad('/etc/spacelift/secrets.env is not used any more, and holds the unencrypted private key', {
          fix: 'Remove it once the service runs',
          commands: ['shred --remove /etc/spacelift/secrets.env'],
        }),
      );
    return orGood(findings, 'none');
  },
});

function isSecretUnused({ paths, units }: Pick<Facts, 'paths' | 'units'>): boolean {
  const unit = units.get(SERVICE);
  if (unit?.load !== 'loaded' || paths.entries.get('/etc/spacelift/secrets.env') === undefined) return false;
  const used = ['EnvironmentFile', 'LoadCredential'].flatMap((name) => valuesOf(unit, name));
  return used.length > 0 && !used.some((value) => value.endsWith('/etc/spacelift/secrets.env'));
}

/** Checks the log files that the launcher's output goes to, if it does. */
const logs = defineCheck({
  id: 'log-files',
  title: 'Log files',
  stage: 'installed',
  needs: ['paths', 'units', 'accounts'],
  judge({ paths, units, accounts }) {
    const unit = units.get(SERVICE);
    const files = ['StandardOutput', 'StandardError']
      .flatMap((name) => valuesOf(unit, name))
      .flatMap((value) => (value.startsWith('append:') ? [value.slice('append:'.length)] : []));
    if (files.length === 0) return skipped('the output goes to the journal');
    const missing = paths.entries.get('/etc/logrotate.d/spacelift') === undefined;
    const findings = [
      ...(missing
        ? [
            bad(
              '/etc/logrotate.d/spacelift does not exist: the logs are not rotated and fill the disk',
              { fix: 'Install again with --logs files' },
              { explains: ['installed-files//etc/logrotate.d/spacelift'] },
            ),
          ]
        : []),
      ...files.flatMap((path) => {
        const entry = paths.entries.get(path);
        if (!entry || !accounts.spacelift || entry.owner === accounts.spacelift.id || entry.owner === 0) return [];
        return [
          bad(
            `belongs to UID ${entry.owner}`,
            { fix: 'Give it to the user', commands: [`chown spacelift:spacelift ${path}`, RESTART] },
            { about: path },
          ),
        ];
      }),
    ];
    return orGood(findings, files.join(', '));
  },
});

export const fileChecks: readonly Check[] = [othersCanWrite, logs, leftovers];
export const installedFileChecks: readonly Check[] = [installedFiles];
