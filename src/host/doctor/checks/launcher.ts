import { stat } from 'node:fs/promises';
import { UserError } from '../../../core/errors.ts';
import { describeLauncher, describeSigningKey } from '../../../launcher/index.ts';
import { bad, type Check, good, skipped, warning } from '../check.ts';

export const INSTALLED_LAUNCHER = '/usr/local/bin/spacelift-launcher';
const DAY = 24 * 60 * 60 * 1000;

const launcher: Check = {
  id: 'launcher',
  title: 'Launcher',
  stage: 'installed',
  async run() {
    const found = await describeLauncher(INSTALLED_LAUNCHER);
    if (!found) return bad(`${INSTALLED_LAUNCHER} is not there`, 'spacectl host update');
    const evidence = `${found.sha256.slice(0, 12)}…, ${found.days} days old`;
    if (!found.isForThisMachine)
      return bad(`${INSTALLED_LAUNCHER} is for another kind of machine`, 'spacectl host update --force');
    if (((await stat(INSTALLED_LAUNCHER)).mode & 0o111) === 0)
      return bad('it is not executable', `chmod 755 ${INSTALLED_LAUNCHER}`);
    if (found.days > 30) return warning(evidence, 'A restart is an update: spacectl host update');
    return good(evidence);
  },
};

const signingKey: Check = {
  id: 'signing-key',
  title: 'Key that signs launchers',
  stage: 'always',
  async run({ client, signal, keyServer, fingerprint }) {
    try {
      const { expiresAt, isRevoked, origin } = await describeSigningKey(
        { fingerprint, server: keyServer },
        client,
        signal,
      );
      if (isRevoked) return bad(`revoked (${origin})`, 'Install nothing that it signed; ask Spacelift');
      if (!expiresAt) return good('never expires');
      const days = Math.floor((expiresAt.getTime() - Date.now()) / DAY);
      const evidence = `${days < 0 ? 'ran out' : 'runs out'} on ${expiresAt.toISOString().slice(0, 10)} (${origin})`;
      if (days < 0)
        return bad(
          evidence,
          'Has the key been extended? A newer copy in /etc/spacelift/launcher-signing-key.asc, or none',
        );
      return days < 30
        ? warning(evidence, 'Launchers signed after that are refused, unless the key is extended')
        : good(evidence);
    } catch (error) {
      if (!(error instanceof UserError) || error.code === 'SPACECTL_INTERRUPTED') throw error;
      if (error.code === 'SPACECTL_DIGEST_MISMATCH')
        return bad(error.message, 'Whoever answers there is not the key server you meant');
      return skipped(error.message);
    }
  },
};

export const launcherChecks: readonly Check[] = [launcher, signingKey];
