import { UserError } from '../../core/errors.ts';
import { findLauncher, type LauncherValues } from '../../launcher/index.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { LAUNCHER, LAUNCHER_STATE } from './install-record.ts';
import { type InstalledRelease, installedRelease } from './installed-release.ts';
import { startService } from './start-service.ts';

/**
 * Plans an update: downloads and verifies the launcher before touching the service. There is no rollback to the old launcher:
 * every start of the service updates it, and would download the new one again.
 */
export async function planUpdate(values: LauncherValues, planner: Planner): Promise<Plan> {
  const installed = await installedRelease();
  const {
    content,
    warnings = [],
    ...rest
  } = await findLauncher(withInstalledDefaults(values, installed), LAUNCHER, planner, LAUNCHER_STATE);
  const file = await planner.file({ path: LAUNCHER, content, mode: 0o755 });
  const start = await startService({ isChanged: file.status !== 'unchanged', mayStart: false }, undefined, planner);
  return { changes: [file, ...start], warnings: [...warnings, ...warnAboutNextStart(values, installed)], ...rest };
}

/** Fills in omitted values with those that the service uses at every start. */
function withInstalledDefaults(values: LauncherValues, installed: InstalledRelease | undefined): LauncherValues {
  if (!installed || values.from !== undefined) return values;
  if ('sha256' in installed) {
    const { sha256, from } = installed;
    if (from !== undefined) return { ...values, from, sha256 };
    throw new UserError('SPACECTL_MISSING_INPUT', `Missing --from: the launcher of this host is pinned to ${sha256}`, {
      suggestions: [{ command: `spacectl host update --from PLACE --sha256 ${sha256}` }],
    });
  }
  if (values.environment !== undefined || values.token !== undefined) return values;
  return { ...values, ...installed, domain: values.domain ?? installed.domain };
}

/** Warns if the next start of the service would install another launcher. */
function warnAboutNextStart(
  { from, sha256 }: LauncherValues,
  installed: InstalledRelease | undefined,
): readonly string[] {
  if (from === undefined || !installed) return [];
  if ('sha256' in installed && installed.sha256 === sha256) return [];
  const other = 'sha256' in installed ? `the one pinned to ${installed.sha256}` : "Spacelift's own";
  return [
    `At its next start, the service installs ${other} again. To keep this one: spacectl host install --launcher-sha256 ${sha256}`,
  ];
}
