import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command } from '@oclif/core/command';
import type { Config } from '@oclif/core/interfaces';
import { UserError } from '../../src/core/errors.ts';
import { POOL_FILE } from '../../src/pool-folder/index.ts';
import { type Answered, ask, type Listening, type Prompter } from '../../src/step/ask.ts';
import type { Inputs } from '../../src/step/input.ts';
import type { Rule } from '../../src/step/rule.ts';
import { isCi } from '../terminal/ci.ts';
import { readAnswersFile } from './answers-file.ts';
import { commonFlags } from './common-flags.ts';
import { commandConfig } from './config.ts';
import { argumentsFor, flagsFor, textsOf } from './flags.ts';

/** The exit code of a check that found something. */
export const FOUND_SOMETHING = 10;

type CommandLine = Readonly<Record<string, unknown>>;

/** The class of a command that can be run. */
export type CommandClass = Command.Class & {
  readonly inputs: Inputs;
  readonly common?: readonly string[] | undefined;
  launch(argv: readonly string[]): Promise<void>;
};

/** Base of all commands: gathers their answers, and gives them `--json`. */
export abstract class BaseCommand extends Command {
  static override baseFlags = commonFlags;

  /** What the command needs to know. Its flags and arguments are made from these inputs. */
  static inputs: Inputs = {};

  /** The flags that the short help explains besides the command's own, where those that can be asked for are too many. */
  static common: readonly string[] | undefined;

  static override get flags() {
    // biome-ignore lint/complexity/noThisInStatic: those of the command, not of this class
    return flagsFor(this.inputs);
  }

  static override get args() {
    // biome-ignore lint/complexity/noThisInStatic: as above
    return argumentsFor(this.inputs);
  }

  /** Hidden from commands: it holds only what oclif itself reads (see config.ts). */
  declare readonly config: never;

  /** Whether the command asks for what has a default as well, as the wizard does. */
  protected readonly offersDefaults: boolean = false;

  /** Which inputs the command asks for that need no answer. If absent, all that say so themselves. */
  protected readonly asksFor: ((name: string) => boolean) | undefined;

  /** Whether more is asked after the answers, so that what is typed meanwhile is for those questions. */
  protected readonly asksAgain: boolean = false;

  /** Which answers contradict each other. */
  protected get rules(): readonly Rule[] {
    return [];
  }

  #commandLine: Promise<CommandLine> | undefined;
  #hasPrompter = false;
  /** What was entered at prompts, by the names of inputs. */
  readonly #entered = new Map<string, readonly string[]>();

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
    const { args, flags, baseFlags } = this.ctor;
    const parse = () =>
      this.parse({ args, flags, baseFlags }).catch(async (error) => {
        const { explainParseError } = await import('./typos.ts');
        const words = (this.id ?? '').split(':');
        throw explainParseError(error, { words, argv: this.argv, args, flags: { ...flags, ...baseFlags } });
      });
    this.#commandLine ??= parse().then((parsed) => {
      const twice = Object.keys(parsed.args).find((name) => parsed.args[name] !== undefined && name in parsed.flags);
      if (twice !== undefined) throw givenTwice(twice);
      return { ...parsed.args, ...parsed.flags };
    });
    return this.#commandLine;
  }

  /**
   * Answers a command's inputs from flags, environment and spacectl.yaml, and asks for the rest on a terminal.
   * @param edit an input to ask for again; the others keep what was entered
   */
  protected async answer(inputs: Inputs, edit?: string): Promise<Answered> {
    const parsed = await this.commandLine();
    const file = parsed['answers'];
    const answersFile = typeof file === 'string' ? await readAnswersFile(inputs, file) : {};
    const given = { flags: textsOf(parsed), environment: process.env, answersFile };
    const readSaved: Listening['readSaved'] = async (dir) =>
      existsSync(path.join(dir, POOL_FILE)) ? readAnswersFile(inputs, { dir }) : {};
    const { offersDefaults, asksFor, onTyped, onSecret, rules } = this;
    const entered = new Map(this.#entered);
    const prompter = await this.prompter();
    const isDryRun = parsed['dry-run'] === true;
    const options = {
      prompter,
      offersDefaults,
      asksFor,
      entered,
      edit,
      isDryRun,
      readSaved,
      onTyped,
      onSecret,
      rules,
    };
    const answered = await ask(inputs, given, options);
    for (const [name, texts] of entered) this.#entered.set(name, texts);
    if (!this.asksAgain) await this.releaseTerminal();
    return answered;
  }

  /** Gives the terminal back to the shell and to other programs, if a question was asked. */
  protected async releaseTerminal(): Promise<void> {
    if (this.#hasPrompter) (await import('../terminal/reader/index.ts')).releaseTerminal();
  }

  protected override async finally(failure: Error | undefined): Promise<void> {
    await this.releaseTerminal();
    await super.finally(failure);
  }

  /** Lets a command act on each answer that was typed. */
  protected readonly onTyped?: NonNullable<Listening['onTyped']>;

  /** Lets a command keep each secret that was typed. */
  protected readonly onSecret?: NonNullable<Listening['onSecret']>;

  /** Creates the prompter. @returns `undefined` without a terminal, in CI, with `--json` or with `--no-input` */
  protected async prompter(): Promise<Prompter | undefined> {
    const { json, input } = await this.commandLine();
    const isTerminal = process.stderr.isTTY === true && process.stdin.isTTY === true;
    if (json || !input || isCi() || !isTerminal) return undefined;
    this.#hasPrompter = true;
    if (await this.isPlain()) return (await import('../terminal/plain/plain-prompter.ts')).createPlainPrompter();
    return (await import('../terminal/prompter.ts')).createPrompter();
  }

  /** Reports whether the terminal or its user cannot do with more than lines of text. */
  protected async isPlain(): Promise<boolean> {
    const { plain } = await this.commandLine();
    return plain === true || (await import('../terminal/plain/is-plain.ts')).isPlainTerminal(process.env);
  }
}

function givenTwice(name: string): UserError {
  const message = `The argument ${name.toUpperCase()} and --${name} conflict: pass only one`;
  return new UserError('SPACECTL_BAD_INPUT', message);
}
