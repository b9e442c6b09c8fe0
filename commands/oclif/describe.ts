import type { Command } from '@oclif/core/command';
import { placesOf, poolFileSchema } from '../../src/pool-folder/pool-file/index.ts';
import { plainName } from '../../src/step/given.ts';
import type { CommandClass } from './base.ts';
import { loadAllCommands } from './command-map.ts';
import { describeArguments, describeFlags } from './describe-flags.ts';
import { describeSections } from './describe-sections.ts';
import type { CommandInfo, Commands, Manifest } from './manifest.ts';

/** Describes the program for the manifest. */
export async function describeProgram(): Promise<Manifest> {
  const commands = await describeCommands();
  const summaries = Object.fromEntries(Object.entries(commands).map(([id, { summary }]) => [id, summary]));
  return { summaries, sections: describeSections(commands), commands };
}

/** Describes every command. */
export async function describeCommands(): Promise<Commands> {
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
  const { summary = '', description, examples = [], inputs } = command;
  return {
    summary,
    description,
    examples: examples.map((example) => commandLine(id, example)),
    arguments: describeArguments(inputs),
    flags: describeFlags(command),
    places: Object.fromEntries([...placesOf(inputs)].map(([place, { flag }]) => [place, flag])),
    secrets: Object.entries(inputs).flatMap(([name, { kind }]) => (kind === 'secret' ? plainName(name) : [])),
  };
}

/** Fills in the placeholders of an oclif example: the program's and the command's name. Help adds the shell's prompt. */
function commandLine(id: string, example: Command.Example): string {
  if (typeof example !== 'string') throw new Error(`an example of ${id} is not a command line`);
  const words = id.replaceAll(':', ' ');
  const filled = example.replaceAll('<%= config.bin %>', 'spacectl').replaceAll('<%= command.id %>', words);
  return filled.replace(/^\$ /, '');
}
