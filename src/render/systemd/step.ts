import path from 'node:path';
import { portablePath } from '../../core/portable-path.ts';
import { quoteIfNeededForPosix } from '../../core/text.ts';
import { hasMark, stepsToToken } from '../../pool-folder/index.ts';
import { step } from '../../step/step.ts';
import { hostRules } from '../host/check-answers.ts';
import { hostInputs } from '../host/inputs.ts';
import { storeSecrets, withoutSecrets } from '../host/secret-source.ts';
import { staleIn } from '../host/stale-files.ts';

/** Renders a folder to copy to a Linux host: unit, environment files, launcher update, CA bundle and installer. */
export const systemd = step({
  id: 'systemd',
  section: 'systemd',
  title: 'the systemd files',
  canForce: true,
  inputs: hostInputs,
  rules: hostRules,
  async plan(values, planner) {
    const { renderHostFiles } = await import('../host/host-files.ts');
    const rendered = await renderHostFiles(values, planner, { caStrategy: 'inline', instanceMetadata: 'none' });
    const { files, secrets } = rendered;
    const folder = path.join(values.dir, 'systemd');
    const isOurs = (name: string) => (bytes: Uint8Array) => /\.(?:crt|json)$/.test(name) || hasMark(bytes);
    // Secrets that the host fetches belong in the secret store, not in the folder that is copied to the host.
    const source = values['secrets-from'];
    const located = [
      ...files.map((file) => ({ ...file, path: path.join(folder, file.name) })),
      ...(secrets ? [{ ...secrets, path: path.join(source ? values.dir : folder, secrets.name) }] : []),
    ];
    const changes = await Promise.all(
      located.map(({ name, ...file }) => planner.file({ ...file, replace: isOurs(name) })),
    );
    const written = located.map(({ path: file }) => path.relative(folder, file));
    const stale = await staleIn(folder, written, (bytes, name) => name === 'docker-config.json' || hasMark(bytes));
    const install = [
      ...(source && secrets ? [storeSecrets(values.dir, source)] : []),
      {
        text: `Run the installer as root on the host; for another machine, copy ${folder} there first and run the copy`,
        command: `sh ${quoteIfNeededForPosix(portablePath(path.join(folder, 'install.sh')))}`,
      },
    ];
    return {
      changes,
      // Without secrets there is nothing to start.
      next: secrets || source ? install : await stepsToToken(values.dir, planner),
      warnings: [
        ...rendered.warnings,
        ...(secrets ? [] : [source ? withoutSecrets(values.dir) : withoutToken(folder)]),
        ...stale,
      ],
      facts: { folder: path.resolve(folder), hasSecrets: secrets !== undefined },
    };
  },
});

function withoutToken(folder: string): string {
  return `No pool token yet: ${folder} has no secrets.env. install.sh will install the service but not start it`;
}
