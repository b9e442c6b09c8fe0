import type { Inputs, Values } from '../../src/step/input.ts';
import type { Inquiry } from '../../src/step/inquiry.ts';
import { stopSignal } from '../terminal/signals.ts';
import { BaseCommand } from './base.ts';

/** A command that looks something up or works something out, and changes nothing. */
export abstract class InquiryCommand extends BaseCommand {
  /** Answers the inquiry's inputs and runs it. */
  protected async inquire<I extends Inputs, R>(inquiry: Inquiry<I, R>): Promise<R> {
    const { values } = await this.answer(inquiry.inputs);
    return inquiry.run(values as Values<I>, stopSignal);
  }

  /**
   * Prints the result: as one JSON document with `--json`, otherwise as it is meant for people. Then ends the program,
   * where the result is a verdict that has an exit code of its own.
   */
  protected async print(document: object, forPeople: string | Uint8Array, exitCode = 0): Promise<void> {
    const { json } = await this.commandLine();
    process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : forPeople);
    if (exitCode !== 0) this.exit(exitCode);
  }
}
