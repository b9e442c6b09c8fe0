import { LAUNCHER_VARIABLES } from '../../src/launcher/variables.ts';
import { TARGETS } from '../../src/render/targets.ts';
import { MODULES } from '../../src/render/terraform/releases/index.ts';
import { code, table } from './fill.ts';

/** Lists the launcher's variables that `--env` takes, with the values each may have. */
export function listLauncherVariables(): string {
  const rows = Object.entries(LAUNCHER_VARIABLES).map(([name, [, expectation]]) => [code(name), expectation]);
  return table(['variable', 'value'], rows);
}

/** Lists the releases of Spacelift's Terraform modules. The first of a cloud is the default. */
export function listModuleReleases(): string {
  const rows = MODULES.map(({ cloud, version, source, unread }, at) => {
    const isDefault = MODULES.findIndex((each) => each.cloud === cloud) === at;
    const module = /\/([^/?]+)\?/.exec(source)?.[1] ?? source;
    const known = unread.length === 0 ? 'verified' : `not verified: ${unread.join(', ')}`;
    return isDefault ? [code(cloud), module, `**${version}** (default)`, known] : ['', '', version, known];
  });
  return table(['cloud', 'module', 'release', 'what `spacectl` knows of it'], rows);
}

/** Lists what `init` can render for hosts. */
export function listTargets(): string {
  const rows = Object.entries(TARGETS).map(([id, { name, description, command, writes }]) => [
    code(id),
    name,
    description,
    code(command),
    code(writes),
  ]);
  return table(['target', 'what it is', 'description', 'command', 'writes'], rows);
}
