import { UserError } from '../../../core/errors.ts';
import type { Environment } from '../../../launcher/index.ts';
import type { Values } from '../../../step/input.ts';
import type { doctorInputs } from '../inputs.ts';
import { type HostReader, isReportable } from '../reader.ts';
import { gatherAccounts } from './accounts.ts';
import { gatherCertificates } from './certificates.ts';
import { gatherClients } from './clients.ts';
import { gatherContainers } from './containers.ts';
import type { Context } from './context.ts';
import { gatherEngine } from './engine.ts';
import { gatherFiles } from './files.ts';
import { gatherInstallation } from './installation.ts';
import { gatherLauncher, gatherNewestLauncher, gatherSigningKey } from './launcher.ts';
import { gatherMachine } from './machine.ts';
import { gatherClock, gatherNetwork } from './network.ts';
import { gatherPaths } from './paths.ts';
import { gatherProcesses } from './process.ts';
import { gatherPrograms } from './programs.ts';
import { gatherUnits } from './units.ts';
import { gatherWorker } from './worker.ts';

/** How each fact is gathered. */
const GATHER = {
  installation: async ({ installation }: Context) => installation,
  units: async ({ units }: Context) => units,
  accounts: ({ reader }: Context) => gatherAccounts(reader),
  certificates: gatherCertificates,
  clients: gatherClients,
  clock: gatherClock,
  containers: gatherContainers,
  engine: gatherEngine,
  files: gatherFiles,
  launcher: gatherLauncher,
  machine: gatherMachine,
  namesakes: ({ reader }: Context) => reader.namesakes(),
  network: gatherNetwork,
  newestLauncher: gatherNewestLauncher,
  paths: gatherPaths,
  poolToken: ({ reader }: Context) => reader.poolToken(),
  processes: gatherProcesses,
  programs: gatherPrograms,
  signingKey: gatherSigningKey,
  worker: gatherWorker,
} as const;

export type FactName = keyof typeof GATHER;

/** Everything the checks judge, by subject. */
export type Facts = { readonly [Name in FactName]: Awaited<ReturnType<(typeof GATHER)[Name]>> };

/** Facts that were gathered; those that could not be are errors. */
export interface Gathered {
  /** Which of Spacelift's environments the host belongs to. */
  readonly environment: Environment;
  readonly facts: { readonly [Name in FactName]?: Facts[Name] | UserError };
}

/** Gathers facts, all at once: network timeouts take time. @throws UserError `SPACECTL_INTERRUPTED` */
export async function gatherFacts(
  names: readonly FactName[],
  reader: HostReader,
  values: Values<typeof doctorInputs>,
): Promise<Gathered> {
  const units = await gatherUnits(reader);
  const installation = await gatherInstallation(reader, values, units);
  const context: Context = { reader, values, installation, units };
  const entries = await Promise.all(
    names.map(async (name) => {
      try {
        return [name, await GATHER[name](context)] as const;
      } catch (error) {
        if (!isReportable(error)) throw error;
        return [name, error] as const;
      }
    }),
  );
  return { environment: installation.environment, facts: Object.fromEntries(entries) };
}

/** Returns the facts that a check needs, or why one of them could not be gathered. */
export function factsFor(names: readonly FactName[], { facts }: Gathered): Facts | UserError {
  for (const name of names) {
    const fact = facts[name];
    if (fact instanceof UserError) return fact;
  }
  // A check reads no other facts than it names (`defineCheck`), and those were gathered.
  return facts as Facts;
}
