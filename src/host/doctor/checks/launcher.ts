import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../../core/errors.ts';
import { readFileIfExists } from '../../../files/read.ts';
import { describeLauncher, describeSigningKey } from '../../../launcher/index.ts';
import { LAUNCHER, LAUNCHER_STATE } from '../../install/install-record.ts';
import { bad, type Check, good, skipped, warning } from '../check.ts';

const DAY = 24 * 60 * 60 * 1000;

const REFUSED_ADVICE =
  'Check the proxy or mirror that answers for the download host. If Spacelift has withdrawn the newer release, install again with --allow-downgrade';

/** Describes the older release that the update script refused at its last start. @returns `undefined` if it did not */
export async function refusedRelease(folder = LAUNCHER_STATE): Promise<string | undefined> {
  const text = (await readFileIfExists(path.join(folder, 'refused')).catch(() => undefined))?.toString('latin1') ?? '';
  const [, signed, seen] = /^(\d{1,12}) (\d{1,12})\n$/.exec(text) ?? [];
  const day = (seconds: string) => new Date(Number(seconds) * 1000).toISOString().slice(0, 10);
  return signed && seen && `a release signed on ${day(signed)}, older than the one of ${day(seen)}`;
}

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
    const refused = await refusedRelease();
    if (refused) return warning(`${evidence}; at its last start, the host refused ${refused}`, REFUSED_ADVICE);
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
