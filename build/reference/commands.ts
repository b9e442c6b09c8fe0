import { summaryWithNotes } from '../../commands/help/flags.ts';
import { describeCommands } from '../../commands/index.ts';
import type { CommandInfo, FlagInfo } from '../../commands/oclif/manifest.ts';
import { code, table } from './fill.ts';

type Commands = readonly (readonly [words: string, command: CommandInfo])[];

/** Lists every command with its arguments and flags; flags that all commands have come first, once. */
export async function listCommands(): Promise<string> {
  const commands = await readCommands();
  const isShared = ({ name }: FlagInfo) => commands.every(([, { flags }]) => flags.some((flag) => flag.name === name));
  const shared = commands[0]?.[1].flags.filter(isShared) ?? [];
  const sections = commands.map(([words, { summary, arguments: args, flags }]) =>
    [
      `## spacectl ${words}\n\n${summary}`,
      [
        ...args.map((each) => `- ${code(each.name.toUpperCase())}: ${each.summary}`),
        ...flags.filter((flag) => !isShared(flag)).map(formatFlag),
      ].join('\n'),
    ]
      .filter(Boolean)
      .join('\n\n'),
  );
  return [`## Flags of every command\n\n${shared.map(formatFlag).join('\n')}`, ...sections].join('\n\n');
}

/** Lists the environment variables that give inputs: the flag each stands for, and the commands that read it. */
export async function listVariables(): Promise<string> {
  const users = new Map<string, { flag: string; commands: string[] }>();
  for (const [words, { flags }] of await readCommands()) {
    for (const { name, variables } of flags) {
      for (const variable of variables) {
        const user = users.get(variable) ?? { flag: `--${name}`, commands: [] };
        user.commands.push(words);
        users.set(variable, user);
      }
    }
  }
  const rows = [...users].sort(([one], [other]) => (one < other ? -1 : 1));
  return table(
    ['variable', 'flag', 'commands'],
    rows.map(([variable, { flag, commands }]) => [code(variable), code(flag), commands.join(', ')]),
  );
}

async function readCommands(): Promise<Commands> {
  const described = Object.entries(await describeCommands());
  return described.map(([id, command]) => [id.replaceAll(':', ' '), command]);
}

function formatFlag(flag: FlagInfo): string {
  const { name, char, value, isNegatable } = flag;
  const names = `${char ? `-${char}, ` : ''}--${isNegatable ? '[no-]' : ''}${name}${value ? ` ${value}` : ''}`;
  return `- ${code(names)}: ${summaryWithNotes(flag)}`;
}
