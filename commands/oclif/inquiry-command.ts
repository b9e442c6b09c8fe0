import type { Inputs, Values } from '../../src/step/input.ts';
import type { Inquiry } from '../../src/step/inquiry.ts';
import { stopSignal } from '../terminal/signals.ts';
import { BaseCommand } from './base.ts';

/** Base of commands that only read: they change nothing. */
export abstract class InquiryCommand extends BaseCommand {
  /** Answers the inquiry's inputs, and runs it. */
  protected async inquire<I extends Inputs, R>(inquiry: Inquiry<I, R>): Promise<R> {
    const { values } = await this.answer(inquiry.inputs);
    return inquiry.run(values as Values<I>, stopSignal);
  }

  /**
   * Prints a result: one JSON document with `--json`, text otherwise.
   * @param exitCode ends the program, unless it is 0
   */
  protected async print(document: object, text: string | Uint8Array, exitCode = 0): Promise<void> {
    const { json } = await this.commandLine();
    process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : text);
    if (exitCode !== 0) this.exit(exitCode);
  }
}
