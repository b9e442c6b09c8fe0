import type { RenderedHost } from '../../render/index.ts';
import { renderHost } from '../../render/index.ts';
import type { FileChange, Planner } from '../../step/plan.ts';
import type { InstallValues } from './inputs.ts';
import { placeIn } from './install-record.ts';
import { SECRETS } from './secrets.ts';
import { anchorIn } from './trust-store.ts';

/** A rendered file with its destination, compared with the file on the host. */
export interface PlacedFile {
  readonly change: FileChange;
  readonly destination: string;
  readonly group: string | undefined;
}

/** Plans the host's files, from the same rendering as `spacectl render systemd`. */
export async function placeFiles(
  values: InstallValues,
  planner: Planner,
): Promise<{ readonly rendered: RenderedHost; readonly placed: readonly PlacedFile[] }> {
  const rendered = await renderHost(values, planner, { caStrategy: 'inline', instanceMetadata: 'none' });
  const { files, secrets } = rendered;
  const isPlain = secrets && values.secrets !== 'encrypted' && values['secrets-from'] === undefined;
  const ours = files.find(({ name }) => name === 'custom-ca.crt');
  const all = [
    ...files,
    ...(ours && values['trust-on-host'] ? [{ ...ours, destination: await anchorIn(values.root) }] : []),
    ...(isPlain ? [{ ...secrets, destination: SECRETS }] : []),
  ];
  const placed: PlacedFile[] = [];
  for (const { destination, group, content, mode, isSecret } of all) {
    if (destination === undefined) continue;
    const change = await planner.file({
      path: placeIn(values.root, destination),
      content,
      mode,
      isSecret,
      isFolderShared: true,
    });
    placed.push({ change, destination, group });
  }
  return { rendered, placed };
}
