import { stat } from 'node:fs/promises';
import { UserError } from '../../../core/errors.ts';
import { describeLauncher, describeSigningKey } from '../../../launcher/index.ts';
import { LAUNCHER } from '../../install/install-record.ts';
import { bad, type Check, good, skipped, warning } from '../check.ts';

const DAY = 24 * 60 * 60 * 1000;

const launcher: Check = {
  id: 'launcher',
  title: 'Launcher',
  stage: 'installed',
  async run() {
    const found = await describeLauncher(LAUNCHER);
    if (!found) return bad(`${LAUNCHER} does not exist`, 'spacectl host update');
    const evidence = `${found.sha256.slice(0, 12)}…, ${found.days} days old`;
    if (!found.isForThisMachine) return bad(`${LAUNCHER} is for another architecture`, 'spacectl host update --force');
    if (((await stat(LAUNCHER)).mode & 0o111) === 0) return bad('it is not executable', `chmod 755 ${LAUNCHER}`);
    if (found.days > 30)
      return warning(evidence, 'Update it: spacectl host update. Restarting the service also updates it');
    return good(evidence);
  },
};

const signingKey: Check = {
  id: 'signing-key',
  title: 'Launcher signing key',
  stage: 'always',
  async run({ client, signal, keyServer, fingerprint }) {
    try {
      const { expiresAt, isRevoked, origin } = await describeSigningKey(
        { fingerprint, server: keyServer },
        client,
        signal,
      );
      if (isRevoked) return bad(`revoked (${origin})`, 'Do not install anything that it signed; contact Spacelift');
      if (!expiresAt) return good('never expires');
      const days = Math.floor((expiresAt.getTime() - Date.now()) / DAY);
      const evidence = `${days < 0 ? 'expired' : 'expires'} on ${expiresAt.toISOString().slice(0, 10)} (${origin})`;
      if (days < 0)
        return bad(
          evidence,
          'If Spacelift has extended the key, update or remove /etc/spacelift/launcher-signing-key.asc',
        );
      return days < 30
        ? warning(evidence, 'Launchers signed after that are rejected, unless Spacelift extends the key')
        : good(evidence);
    } catch (error) {
      if (!(error instanceof UserError) || error.code === 'SPACECTL_INTERRUPTED') throw error;
      if (error.code === 'SPACECTL_DIGEST_MISMATCH')
        return bad(error.message, 'Check --key-server: this server returned another key');
      return skipped(error.message);
    }
  },
};

export const launcherChecks: readonly Check[] = [launcher, signingKey];
