import { counted, listed, quoteIfNeeded } from '../../../core/text.ts';
import { SERVICE } from '../../install/install-record.ts';
import { SECRETS } from '../../install/secrets.ts';
import { bad, type Check, defineCheck, type Finding, good, orGood, skipped } from '../check.ts';
import { installAgain, RESTART } from '../cures.ts';
import { valuesOf } from '../facts/units.ts';

const AFTER = ['service', 'process', 'worker'];

const environmentFiles = defineCheck({
  id: 'environment-files',
  title: 'Environment files',
  stage: 'installed',
  needs: ['installation', 'units', 'paths'],
  judge({ installation, units, paths }) {
    const files = installation.environmentFiles;
    // The check of the secrets reports its own file. A hyphen marks files that may be missing (systemd.exec(5)).
    const missing = valuesOf(units.get(SERVICE), 'EnvironmentFile').find(
      (file) => !file.startsWith('-') && file !== SECRETS && paths.entries.get(file) === undefined,
    );
    if (missing !== undefined)
      return bad(`${missing} does not exist, and the service does not start without it`, installAgain(installation), {
        explains: [`installed-files/${missing}`, 'comms', 'bundle-files', ...AFTER],
      });
    if (files.length === 0 && paths.entries.get('/etc/spacelift/launcher.env'))
      return skipped('only root can read them');
    if (files.length === 0)
      return bad('/etc/spacelift/launcher.env does not exist', installAgain(installation), {
        explains: ['installed-files', ...AFTER],
      });
    return files.map(({ path, badLines, variables }) => {
      if (badLines.length === 0) return good(counted(Object.keys(variables).length, 'variable'), path);
      const fix = `Write them as NAME=VALUE, without export. ${installAgain(installation, 'Or install again').fix}`;
      return bad(
        `systemd ignores line${badLines.length === 1 ? '' : 's'} ${listed(badLines.map(String))}`,
        { ...installAgain(installation), fix },
        { about: path, explains: [`installed-files/${path}`] },
      );
    });
  },
});

/** Files that hold secrets, and the mode that each must not exceed. */
const SECRET_FILES: Readonly<Record<string, number>> = {
  '/etc/spacelift/secrets.env': 0o600,
  '/etc/spacelift/secrets.env.cred': 0o600,
  '/etc/spacelift/api.env': 0o600,
  '/etc/spacelift/docker/config.json': 0o640,
};

const modes = defineCheck({
  id: 'file-modes',
  title: 'File modes',
  stage: 'installed',
  needs: ['installation', 'paths'],
  judge({ installation, paths }) {
    const all = new Map(
      installation.environmentFiles.map(({ path, mode, owner }) => [path, { mode, owner, most: 0o600 }]),
    );
    for (const [path, most] of Object.entries(SECRET_FILES)) {
      const entry = paths.entries.get(path);
      if (entry) all.set(path, { mode: entry.mode & 0o777, owner: entry.owner, most });
    }
    return [...all].map(([path, { mode, owner, most }]): Finding => {
      const shown = `${mode.toString(8)}, owner ${owner}`;
      const more = { about: path, explains: [`installed-files/${path}`, `others-can-write/${path}`] };
      if ((mode & 0o777 & ~most) !== 0)
        return bad(
          `${shown}: other users can read it`,
          { fix: 'Let only root read it', commands: [`chmod ${most.toString(8)} ${quoteIfNeeded(path)}`] },
          more,
        );
      if (owner !== 0)
        return bad(
          `${shown}: root does not own it`,
          { fix: 'Give it to root', commands: [`chown root ${quoteIfNeeded(path)}`] },
          more,
        );
      return good(shown, path);
    });
  },
});

/** Checks for empty metadata: an unset value of a metadata service becomes `null`, and Spacelift would show it as a tag. */
const metadata = defineCheck({
  id: 'metadata',
  title: 'Metadata',
  stage: 'installed',
  needs: ['installation'],
  judge({ installation: { settings } }) {
    const tags = Object.entries(settings).filter(([name]) => name.startsWith('SPACELIFT_METADATA_'));
    const empty = tags.filter(([, value]) => value === '' || value === 'null').map(([name]) => name);
    const findings = empty.map((name) =>
      bad(
        `${name} has no value`,
        {
          fix: 'Remove it, or set a value: --metadata KEY=VALUE',
          commands: [`sed -i '/^${name}=/d' /etc/spacelift/launcher.env`, RESTART],
        },
        { about: name, explains: ['installed-files//etc/spacelift/launcher.env'] },
      ),
    );
    const shown = tags.map(([name, value]) => `${name.replace('SPACELIFT_METADATA_', '')}=${value}`).join(' ');
    return orGood(
      findings,
      shown || 'none: tags such as the instance ID help you find a worker (--metadata KEY=VALUE)',
    );
  },
});

export const environmentChecks: readonly Check[] = [environmentFiles, modes, metadata];
