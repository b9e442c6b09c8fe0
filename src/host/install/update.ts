import { UserError } from '../../core/errors.ts';
import { findLauncher, type LauncherValues } from '../../launcher/index.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { LAUNCHER } from './install-record.ts';
import { type InstalledRelease, installedRelease } from './installed-release.ts';
import { startService } from './start-service.ts';

/**
 * The launcher is fetched and verified before the service is touched. There is no way back to the old one: every start of
 * the service is an update as well, and would fetch the new one again.
 */
export async function planUpdate(values: LauncherValues, planner: Planner): Promise<Plan> {
  const installed = await installedRelease();
  const { content, warnings = [], ...rest } = await findLauncher(asInstalled(values, installed), LAUNCHER, planner);
  const file = await planner.file({ path: LAUNCHER, content, mode: 0o755 });
  const start = await startService({ isChanged: file.status !== 'unchanged', mayStart: false }, undefined, planner);
  return { changes: [file, ...start], warnings: [...warnings, ...afterwards(values, installed)], ...rest };
}

/** What is not said is as the service does it at every start. */
function asInstalled(values: LauncherValues, installed: InstalledRelease | undefined): LauncherValues {
  if (!installed || values.from !== undefined) return values;
  if ('sha256' in installed) {
    const { sha256, from } = installed;
    if (from !== undefined) return { ...values, from, sha256 };
    throw new UserError('SPACECTL_MISSING_INPUT', `Missing --from: the launcher of this host is pinned to ${sha256}`, {
      suggestions: [`spacectl host update --from PLACE --sha256 ${sha256}`],
    });
  }
  if (values.environment !== undefined || values.token !== undefined) return values;
  return { ...values, ...installed, domain: values.domain ?? installed.domain };
}

/** Where the next start of the service would put another launcher in place of this one. */
function afterwards({ from, sha256 }: LauncherValues, installed: InstalledRelease | undefined): readonly string[] {
  if (from === undefined || !installed) return [];
  if ('sha256' in installed && installed.sha256 === sha256) return [];
  const theirs = 'sha256' in installed ? `the one pinned to ${installed.sha256}` : "Spacelift's own";
  return [
    `The service takes ${theirs} again at its next start; to keep this one: host install --launcher-sha256 ${sha256}`,
  ];
}
