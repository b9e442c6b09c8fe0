import type { Check } from '../check.ts';
import { bundleChecks } from './bundle.ts';
import { commsChecks } from './comms.ts';
import { egressChecks } from './egress.ts';
import { engineChecks } from './engine.ts';
import { launcherChecks } from './launcher.ts';
import { machineChecks } from './machine.ts';
import { namesakeChecks } from './namesake.ts';
import { secretChecks } from './secrets.ts';

/** All checks, in the order they are reported: those that others depend on come first. */
export const CHECKS: readonly Check[] = [
  ...machineChecks,
  ...namesakeChecks,
  ...engineChecks,
  ...egressChecks,
  ...commsChecks,
  ...secretChecks,
  ...launcherChecks,
  ...bundleChecks,
];
