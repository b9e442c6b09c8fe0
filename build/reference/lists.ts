import { listCommands, listVariables } from './commands.ts';
import { listDoctorChecks } from './doctor-checks.ts';
import { listErrorCodes, listExitCodes } from './error-codes.ts';
import type { MakeList } from './fill.ts';
import { listJsonOutputs } from './json-outputs.ts';
import { listKeys, listOtherVariables } from './keys.ts';
import { listLauncherVariables, listModuleReleases, listTargets } from './outside.ts';

/** Every generated list by the name that markers give it. */
export const LISTS: Readonly<Record<string, MakeList>> = {
  commands: listCommands,
  variables: listVariables,
  'doctor-checks': listDoctorChecks,
  'error-codes': listErrorCodes,
  'exit-codes': listExitCodes,
  'json-outputs': listJsonOutputs,
  keys: listKeys,
  'other-variables': listOtherVariables,
  'launcher-variables': listLauncherVariables,
  targets: listTargets,
  'module-releases': listModuleReleases,
};
