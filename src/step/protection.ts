import { homedir } from 'node:os';
import path from 'node:path';
import { quoteForPowerShell } from '../core/shell.ts';
import { hasModes } from '../files/modes.ts';
import type { Change, FileChange, Plan } from './plan.ts';

/**
 * Warns, where files have no modes, that the secrets of a plan are as readable as the directory they are in. Below the
 * user's profile, Windows lets only this user, administrators and the system read them, so there is nothing to say.
 */
export function withProtection(
  plan: Plan,
  { platform = process.platform, home = homedir() }: { platform?: string; home?: string } = {},
): Plan {
  const open = plan.changes.flatMap((change) => (isNewSecret(change) ? [path.dirname(change.path)] : []));
  const folder = open.find((each) => !isInside(each, home));
  if (hasModes(platform) || folder === undefined) return plan;
  const command = `icacls ${quoteForPowerShell(folder)} /inheritance:r /grant:r "$(whoami):(OI)(CI)F"`;
  const warning = `Windows has no file modes: everyone who may read ${folder} can read the secrets in it. To let only yourself read it, in PowerShell: ${command}`;
  return { ...plan, warnings: [...(plan.warnings ?? []), warning] };
}

function isNewSecret(change: Change): change is FileChange {
  return change.kind === 'file' && change.isSecret && change.status !== 'unchanged';
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
