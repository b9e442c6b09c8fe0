import { findLauncher, type LauncherValues } from '../launcher/index.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { installedRelease } from './installed-release.ts';
import { LAUNCHER } from './record.ts';
import { startService } from './start.ts';

/**
 * The launcher is fetched and verified before the service is touched. There is no way back to the old one: every start of
 * the service is an update as well, and would fetch the new one again.
 */
export async function planUpdate(values: LauncherValues, planner: Planner): Promise<Plan> {
  const { content, ...rest } = await findLauncher(await asInstalled(values), LAUNCHER, planner);
  const file = await planner.file({ path: LAUNCHER, content, mode: 0o755 });
  const start = await startService({ isChanged: file.status !== 'unchanged', mayStart: false }, undefined, planner);
  return { changes: [file, ...start], ...rest };
}

/** What is not said is as the service does it at every start. */
async function asInstalled(values: LauncherValues): Promise<LauncherValues> {
  if (values.environment !== undefined || values.token !== undefined) return values;
  const installed = await installedRelease();
  return installed ? { ...values, ...installed, domain: values.domain ?? installed.domain } : values;
}
