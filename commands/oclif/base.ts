import { Command } from '@oclif/core/command';
import * as Flags from '@oclif/core/flags';
import type { Config, LoadOptions } from '@oclif/core/interfaces';
import { type Answered, ask, type Prompter } from '../../src/step/ask.ts';
import type { Inputs } from '../../src/step/input.ts';
import { textsOf } from './flags.ts';

const fromFile = {
  answers: Flags.string({
    summary: 'Take answers from a YAML or JSON file (-: standard input)',
    helpValue: 'FILE',
    helpGroup: 'GLOBAL',
  }),
  input: Flags.boolean({
    summary: 'Ask for what is missing, where there is a terminal; --no-input never asks',
    default: true,
    allowNo: true,
    helpGroup: 'GLOBAL',
  }),
  json: Flags.boolean({ summary: 'Print one JSON document', helpGroup: 'GLOBAL' }),
};

/** The exit code of a check that found something. */
export const FOUND_SOMETHING = 10;

type CommandLine = Readonly<Record<string, unknown>>;

/** What every command has in common: where its answers come from, and one JSON document with `--json`. */
export abstract class BaseCommand extends Command {
  static override baseFlags = fromFile;

  #commandLine: Promise<CommandLine> | undefined;

  /**
   * As oclif runs a command, but with the configuration it was found by: oclif would read all of that once more.
   * @param config the one of `Config.runCommand`, which calls this
   */
  static override run<T extends Command>(
    this: new (
      argv: string[],
      config: Config,
    ) => T,
    argv?: string[],
    config?: LoadOptions,
  ): Promise<ReturnType<T['run']>> {
    const command: Command = new this(argv ?? [], config as Config);
    return (command as BaseCommand)._run();
  }

  /** The command line as parsed by oclif: flags and arguments alike, by name. */
  protected commandLine(): Promise<CommandLine> {
    this.#commandLine ??= this.parse(this.ctor).then(({ flags, args }) => ({ ...args, ...flags }));
    return this.#commandLine;
  }

  /** Answers a command's inputs from flags, environment and answers file, and by asking where someone can be asked. */
  protected async answer(inputs: Inputs): Promise<Answered> {
    const parsed = await this.commandLine();
    const file = parsed['answers'];
    const answersFile =
      typeof file === 'string'
        ? await (await import('../../src/step/answers.ts')).readAnswers(file, inputs, this.flagsOfAllCommands())
        : {};
    return ask(inputs, { flags: textsOf(parsed), environment: process.env, answersFile }, await this.prompter());
  }

  /** What an answers file may hold for others: what `init` saves serves every command. */
  private flagsOfAllCommands(): ReadonlySet<string> {
    return new Set(this.config.commands.flatMap(({ flags }) => Object.keys(flags)));
  }

  /** Someone to ask: nobody without a terminal, in CI, with `--json` or with `--no-input`. */
  protected async prompter(): Promise<Prompter | undefined> {
    const { json, input } = await this.commandLine();
    const isTerminal = process.stderr.isTTY === true && process.stdin.isTTY === true;
    if (json || !input || process.env['CI'] || !isTerminal) return undefined;
    return (await import('../terminal/prompter.ts')).createPrompter();
  }
}
