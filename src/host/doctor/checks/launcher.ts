import { counted } from '../../../core/text.ts';
import { LAUNCHER } from '../../install/install-record.ts';
import { bad, type Check, defineCheck, type Finding, good, orGood, skipped, warning } from '../check.ts';
import { RESTART } from '../cures.ts';
import type { LauncherFacts } from '../facts/launcher.ts';

const DAY = 24 * 60 * 60 * 1000;
const day = (date: Date) => date.toISOString().slice(0, 10);

/** Days after which a launcher that was not updated is old. */
const OLD_DAYS = 30;

const update = { fix: 'Restart the service, which installs the newest one', commands: [RESTART] };

/** Returns when the launcher was last known to be the newest. */
export function lastUpdated({
  found,
  launcherUpdate,
}: Pick<LauncherFacts, 'found' | 'launcherUpdate'>): Date | undefined {
  const isCurrent = launcherUpdate && /^(?:installed|current)$/.test(launcherUpdate.result);
  const times = [found?.modified, isCurrent ? launcherUpdate.at : undefined].flatMap((time) => time?.getTime() ?? []);
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

const launcher = defineCheck({
  id: 'launcher',
  title: 'Launcher',
  stage: 'installed',
  needs: ['launcher', 'installation'],
  judge({ launcher: facts, installation: { release } }) {
    const { found, now } = facts;
    const explains = {
      explains: ['service', 'process', 'worker', 'updates/launcher', 'launcher-digest', `installed-files/${LAUNCHER}`],
    };
    if (!found) return bad(`${LAUNCHER} does not exist`, update, explains);
    if (!found.isForThisMachine)
      return bad(
        `${LAUNCHER} is not a program for this machine`,
        { fix: update.fix, commands: [`rm ${LAUNCHER}`, RESTART] },
        explains,
      );
    if (!found.isExecutable)
      return bad(
        'it is not executable',
        { fix: 'Make it executable', commands: [`chmod 755 ${LAUNCHER}`, RESTART] },
        explains,
      );
    const since = lastUpdated(facts);
    const days = since ? Math.max(0, Math.floor((now.getTime() - since.getTime()) / DAY)) : 0;
    const evidence = `${found.sha256.slice(0, 12)}…, updated ${counted(days, 'day')} ago`;
    const isPinned = release !== undefined && 'sha256' in release;
    return orGood(
      days > OLD_DAYS && !isPinned ? [warning(evidence, update, { explains: ['worker/launcher-update-failed'] })] : [],
      evidence,
    );
  },
});

/** A launcher that was replaced is another one than what runs. */
const REPLACED = ['updates/launcher', 'process/program'];

/** Checks that the launcher is the one that was pinned, or the one that Spacelift signed. */
const digest = defineCheck({
  id: 'launcher-digest',
  title: 'Launcher integrity',
  stage: 'installed',
  needs: ['launcher', 'newestLauncher'],
  judge({ launcher: facts, newestLauncher: newest }) {
    const { found } = facts;
    if (!found) return skipped('there is no launcher');
    if (newest.kind === 'pinned') {
      if (found.sha256 === newest.sha256) return good('the pinned launcher');
      const cure = newest.hasSource
        ? { fix: 'Restart the service, which fetches the pinned one', commands: [RESTART] }
        : { fix: `Put the pinned launcher at ${LAUNCHER}` };
      return bad(`is not the pinned launcher, ${newest.sha256.slice(0, 12)}…`, cure, {
        explains: REPLACED,
      });
    }
    if (newest.kind === 'unknown') return skipped(newest.reason);
    if (found.sha256 === newest.sha256) return good(`Spacelift's newest, signed on ${day(newest.signedAt)}`);
    const since = lastUpdated(facts);
    // It may have been published some time after it was signed.
    if (!since || since < newest.signedAt)
      return good(`a newer launcher was signed on ${day(newest.signedAt)}: the next restart installs it`);
    const evidence = `differs from the launcher that Spacelift signed on ${day(newest.signedAt)}, though it was updated or changed since`;
    const status = since.getTime() - newest.signedAt.getTime() < DAY ? warning : bad;
    return status(evidence, update, { explains: REPLACED });
  },
});

const RETRY = 'See why: journalctl -u spacelift-launcher | grep spacelift-update. Then try again';

/** Checks how the last updates of launcher and bundle ended: the service starts without them, so nothing else shows it. */
const updates = defineCheck({
  id: 'updates',
  title: 'Updates',
  stage: 'installed',
  needs: ['launcher', 'installation'],
  judge({ launcher: { launcherUpdate, bundleUpdate, refused }, installation: { release } }) {
    const judge = (about: 'launcher' | 'bundle', given: LauncherFacts['launcherUpdate']): readonly Finding[] => {
      if (!given || !/^(?:kept|failed)$/.test(given.result)) return [];
      const status = given.result === 'failed' ? bad : warning;
      const seen = given.result === 'failed' ? 'failed' : `failed, and the last good ${about} was kept`;
      return [
        status(
          `the update on ${given.at.toISOString()} ${seen}`,
          { fix: RETRY, commands: [RESTART] },
          { about, explains: [`worker/${about}-update-failed`] },
        ),
      ];
    };
    const older = refused && {
      ...warning(
        `at its last start, the host refused a release signed on ${day(refused.signed)}, older than the one of ${day(refused.seen)}`,
        {
          fix: 'Check the proxy or mirror that answers for the download host. If Spacelift has withdrawn the newer release, install again with --allow-downgrade',
        },
        { about: 'launcher', explains: ['worker/launcher-update-failed'] },
      ),
    };
    const findings = [...(older ? [older] : judge('launcher', launcherUpdate)), ...judge('bundle', bundleUpdate)];
    const known = [launcherUpdate, bundleUpdate].flatMap((each) => (each ? `${each.result} on ${day(each.at)}` : []));
    return orGood(
      findings,
      known.join(', ') || (release ? 'no result is known yet' : 'the launcher is not updated by this host'),
    );
  },
});

const signingKey = defineCheck({
  id: 'signing-key',
  title: 'Launcher signing key',
  stage: 'always',
  needs: ['signingKey'],
  judge({ signingKey: key }) {
    if (key.isForeign) return bad(key.problem, { fix: 'Check --key-server: this server returned another key' });
    const { isRevoked, origin, expiresAt, now } = key;
    if (isRevoked)
      return bad(`revoked (${origin})`, { fix: 'Do not install anything that it signed; contact Spacelift' });
    if (!expiresAt) return good('never expires');
    const days = Math.floor((expiresAt.getTime() - now.getTime()) / DAY);
    const evidence = `${days < 0 ? 'expired' : 'expires'} on ${day(expiresAt)} (${origin})`;
    if (days < 0)
      return bad(evidence, {
        fix: 'If Spacelift has extended the key, update or remove /etc/spacelift/launcher-signing-key.asc',
      });
    return days < 30
      ? warning(evidence, { fix: 'Launchers signed after that are rejected, unless Spacelift extends the key' })
      : good(evidence);
  },
});

export const launcherChecks: readonly Check[] = [launcher, digest];
export const updateChecks: readonly Check[] = [updates];
export const keyChecks: readonly Check[] = [signingKey];
