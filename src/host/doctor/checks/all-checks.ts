import type { Check } from '../check.ts';
import { bundleChecks } from './bundle.ts';
import { clientChecks } from './clients.ts';
import { commsChecks } from './comms.ts';
import { bundleHandshakeChecks, containerChecks } from './containers.ts';
import { directoryChecks } from './directories.ts';
import { daemonFileChecks, daemonProxyChecks, engineChecks } from './engine.ts';
import { environmentChecks } from './environment.ts';
import { fileChecks, installedFileChecks } from './files.ts';
import { keyChecks, launcherChecks, updateChecks } from './launcher.ts';
import { forwardingChecks, machineChecks } from './machine.ts';
import { clockChecks, networkChecks } from './network.ts';
import { processChecks } from './process.ts';
import { programChecks } from './programs.ts';
import { secretChecks } from './secrets.ts';
import { serviceChecks } from './service.ts';
import { settingChecks } from './settings.ts';
import { socketChecks } from './socket.ts';
import { unitChecks } from './units.ts';
import { workerChecks } from './worker.ts';

/** All checks, in the order they are reported: causes come before what they explain. */
export const CHECKS: readonly Check[] = [
  ...machineChecks,
  ...clockChecks,
  ...programChecks,
  ...unitChecks,
  ...directoryChecks,
  ...daemonFileChecks,
  ...socketChecks,
  ...engineChecks,
  ...networkChecks,
  ...commsChecks,
  ...daemonProxyChecks,
  ...forwardingChecks,
  ...environmentChecks,
  ...secretChecks,
  ...settingChecks,
  ...launcherChecks,
  ...updateChecks,
  ...keyChecks,
  ...bundleChecks,
  ...containerChecks,
  ...clientChecks,
  ...bundleHandshakeChecks,
  ...fileChecks,
  ...serviceChecks,
  ...processChecks,
  ...installedFileChecks,
  ...workerChecks,
];
