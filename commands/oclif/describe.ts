import type { Command } from '@oclif/core/command';
import type { Arg, Flag } from '@oclif/core/interfaces';
import { placesOf, poolFileSchema } from '../../src/pool-folder/pool-file/index.ts';
import { plainName } from '../../src/step/given.ts';
import type { CommandClass } from './base.ts';
import { loadAllCommands } from './command-map.ts';
import type { ArgumentInfo, CommandInfo, FlagInfo, Manifest } from './manifest.ts';

/** Describes every command for the manifest. */
export async function describeCommands(): Promise<Manifest> {
  const described = Object.entries(await loadAllCommands()).map(
    ([id, command]) => [id, describe(id, command)] as const,
  );
  return Object.fromEntries(described.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Describes `spacectl.yaml`, from what all commands read in it. */
export async function describePoolFile(): Promise<string> {
  const commands = Object.values(await loadAllCommands());
  const places = placesOf(...commands.map(({ inputs }) => inputs));
  return `${JSON.stringify(poolFileSchema(places), null, 1)}\n`;
}

function describe(id: string, command: CommandClass): CommandInfo {
  const { summary = '', description, examples = [], args = {}, flags = {}, baseFlags = {} } = command;
  return {
    summary,
    description,
    examples: examples.map((example) => commandLine(id, example)),
    arguments: Object.entries(args).map(([name, argument]) => describeArgument(name, argument)),
    flags: Object.entries({ ...flags, ...baseFlags }).map(([name, flag]) => describeFlag(name, flag)),
    places: Object.fromEntries([...placesOf(command.inputs)].map(([place, { flag }]) => [place, flag])),
    secrets: Object.entries(command.inputs).flatMap(([name, { kind }]) => (kind === 'secret' ? plainName(name) : [])),
  };
}

/** Fills in the placeholders of an oclif example: the program's and the command's name. Help adds the shell's prompt. */
function commandLine(id: string, example: Command.Example): string {
  if (typeof example !== 'string') throw new Error(`an example of ${id} is not a command line`);
  const words = id.replaceAll(':', ' ');
  const filled = example.replaceAll('<%= config.bin %>', 'spacectl').replaceAll('<%= command.id %>', words);
  return filled.replace(/^\$ /, '');
}

function describeArgument(name: string, { description = '', multiple = false }: Arg<unknown>): ArgumentInfo {
  return { name, summary: description, isRepeated: multiple };
}

function describeFlag(name: string, flag: Flag<unknown>): FlagInfo {
  const { char, summary = '', description, helpGroup: group } = flag;
  const words = { name, char, summary, description, group };
  if (flag.type === 'boolean') return { ...words, isRepeated: false, isNegatable: flag.allowNo };
  return { ...words, value: flag.helpValue as string, isRepeated: flag.multiple ?? false, isNegatable: false };
}
