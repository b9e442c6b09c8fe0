import { readFileIfThere } from '../files/read.ts';
import { findLauncher, type LauncherValues } from '../launcher/index.ts';
import { parseEnvironmentFile } from '../render/index.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { LAUNCHER } from './record.ts';
import { SECRETS } from './rendered.ts';
import { startService } from './start.ts';

/**
 * The launcher is fetched and verified before the service is touched. There is no way back to the old one: every start of
 * the service is an update as well, and would fetch the new one again.
 */
export async function planUpdate(values: LauncherValues, planner: Planner): Promise<Plan> {
  const token = values.token ?? (await installedToken());
  const { content, ...rest } = await findLauncher({ ...values, token }, LAUNCHER, planner);
  const file = await planner.file({ path: LAUNCHER, content, mode: 0o755 });
  const start = await startService({ isChanged: file.status !== 'unchanged', mayStart: false }, undefined, planner);
  return { changes: [file, ...start], ...rest };
}

/** The token says which environment's launcher it is. */
async function installedToken(): Promise<string | undefined> {
  const bytes = await readFileIfThere(SECRETS);
  return bytes && parseEnvironmentFile(bytes.toString('utf8')).variables['SPACELIFT_TOKEN'];
}
