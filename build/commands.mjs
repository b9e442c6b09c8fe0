import { createRequire } from 'node:module';
import path from 'node:path';

/** What only the help of a command asks for: most of what there is to say, and of no use to whoever runs one. */
const DETAILS = ['description', 'examples', 'flags'];

/**
 * What the commands say of themselves, so that neither finding nor explaining one has to load it.
 * @returns oclif's manifest without the details, and those by the command's name
 */
export async function describeCommands(root) {
  const { Plugin } = await import('@oclif/core/config');
  const { loadAllCommands } = createRequire(import.meta.url)(path.join(root, 'dist/index.cjs'));
  const plugin = new Plugin({ root, type: 'core', ignoreManifest: true, errorOnManifestCreate: true });
  plugin.commandCache = await loadAllCommands();
  await plugin.load();
  const { version, commands: unsorted } = JSON.parse(JSON.stringify(plugin.manifest));
  const commands = Object.fromEntries(Object.entries(unsorted).sort(([one], [other]) => one.localeCompare(other)));
  const split = (isDetail) => (command) =>
    Object.fromEntries(Object.entries(command).filter(([key]) => DETAILS.includes(key) === isDetail));
  return { manifest: { version, commands: mapped(commands, split(false)) }, details: mapped(commands, split(true)) };
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
