import { Command } from '@oclif/core/command';
import * as Flags from '@oclif/core/flags';
import type { Config } from '@oclif/core/interfaces';
import { type Answered, ask, type Prompter } from '../../src/step/ask.ts';
import type { Inputs } from '../../src/step/input.ts';
import { commandConfig } from './config.ts';
import { textsOf } from './flags.ts';
import { GLOBAL } from './groups.ts';

const commonFlags = {
  answers: Flags.string({
    summary: 'Read answers from a YAML or JSON file (-: standard input)',
    helpValue: 'FILE',
    helpGroup: GLOBAL,
  }),
  input: Flags.boolean({
    summary: 'Ask for missing values on a terminal; --no-input never asks',
    default: true,
    allowNo: true,
    helpGroup: GLOBAL,
  }),
  json: Flags.boolean({ summary: 'Print one JSON document', helpGroup: GLOBAL }),
};

/** The exit code of a check that found something. */
export const FOUND_SOMETHING = 10;

type CommandLine = Readonly<Record<string, unknown>>;

/** The class of a command that can be run. */
export type CommandClass = Command.Class & { launch(argv: readonly string[]): Promise<void> };

/** Base of all commands: gathers their answers, and gives them `--json`. */
export abstract class BaseCommand extends Command {
  static override baseFlags = commonFlags;

  /** Hidden from commands: it holds only what oclif itself reads (see config.ts). */
  declare readonly config: never;

  #commandLine: Promise<CommandLine> | undefined;

  /**
   * Runs one command line through the life cycle of a command that oclif documents. oclif's own `run` would first load a
   * configuration that this program does not need.
   */
  static async launch(
    this: new (
      argv: string[],
      config: Config,
    ) => BaseCommand,
    argv: readonly string[],
  ): Promise<void> {
    const command = new this([...argv], commandConfig());
    let failure: Error | undefined;
    try {
      await command.init();
      await command.run();
    } catch (error) {
      failure = error as Error;
      await command.catch(failure);
    } finally {
      await command.finally(failure);
    }
  }

  /** Returns the command line as parsed by oclif: flags and arguments, by name. */
  protected commandLine(): Promise<CommandLine> {
    this.#commandLine ??= this.parse(this.ctor).then(({ flags, args }) => ({ ...args, ...flags }));
    return this.#commandLine;
  }

  /** Answers a command's inputs from flags, environment and answers file, and asks for the rest on a terminal. */
  protected async answer(inputs: Inputs): Promise<Answered> {
    const parsed = await this.commandLine();
    const file = parsed['answers'];
    const answersFile =
      typeof file === 'string'
        ? await (await import('../../src/step/answers.ts')).readAnswers(file, inputs, await flagsOfAllCommands())
        : {};
    return ask(inputs, { flags: textsOf(parsed), environment: process.env, answersFile }, await this.prompter());
  }

  /** Creates the prompter. @returns `undefined` without a terminal, in CI, with `--json` or with `--no-input` */
  protected async prompter(): Promise<Prompter | undefined> {
    const { json, input } = await this.commandLine();
    const isTerminal = process.stderr.isTTY === true && process.stdin.isTTY === true;
    if (json || !input || process.env['CI'] || !isTerminal) return undefined;
    return (await import('../terminal/prompter.ts')).createPrompter();
  }
}

/** Lists the flags of all commands: an answers file saved by `init` works with every command. */
async function flagsOfAllCommands(): Promise<ReadonlySet<string>> {
  const { readManifest } = await import('./manifest.ts');
  return new Set(Object.values(readManifest()).flatMap(({ flags }) => flags.map(({ name }) => name)));
}
