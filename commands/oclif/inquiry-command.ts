import type { Inputs, Values } from '../../src/step/input.ts';
import type { Inquiry } from '../../src/step/inquiry.ts';
import { print } from '../terminal/output.ts';
import { printableJson, printableValues } from '../terminal/printable.ts';
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
   * @param text formats the document, of which it gets a copy with printable texts; or bytes, from which no secret is removed
   * @param exitCode ends the program, unless it is 0
   */
  protected async print<T extends object>(
    document: T,
    text: Uint8Array | ((shown: T) => string),
    exitCode = 0,
  ): Promise<void> {
    const { json } = await this.commandLine();
    const isBytes = text instanceof Uint8Array;
    if (json) print(isBytes ? Buffer.from(printableJson(document, 2)) : printableJson(document, 2));
    else print(isBytes ? text : text(printableValues(document)));
    if (exitCode !== 0) this.exit(exitCode);
  }
}
