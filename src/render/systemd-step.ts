import path from 'node:path';
import { step } from '../step/step.ts';
import { hostInputs } from './inputs.ts';

/** A folder to copy to a Linux host with Docker: unit, environment files, verified download, bundle, installer. */
export const systemd = step({
  id: 'systemd',
  title: 'the systemd files',
  inputs: hostInputs,
  async plan(values, planner) {
    const { HEADER, renderHostFiles } = await import('./host-files.ts');
    const { files, secrets } = await renderHostFiles(values, planner);
    const folder = path.join(values.dir, 'systemd');
    const isOurs = (name: string) => (bytes: Uint8Array) =>
      name.endsWith('.crt') || Buffer.from(bytes).includes(HEADER.slice(0, -1));
    const changes = await Promise.all(
      [...files, ...(secrets ? [secrets] : [])].map(({ name, ...file }) =>
        planner.file({ ...file, path: path.join(folder, name), replace: isOurs(name) }),
      ),
    );
    const install = [`Copy ${folder} to the host, and there as root run: sh systemd/install.sh`];
    return {
      changes,
      next: install,
      warnings: secrets
        ? []
        : [`Without a token ${folder} has no secrets.env: install.sh installs, but does not start`],
      facts: { folder: path.resolve(folder), hasSecrets: secrets !== undefined },
    };
  },
});
