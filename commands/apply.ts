import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../src/core/errors.ts';
import { quoteIfNeeded } from '../src/core/text.ts';
import { POOL_FILE } from '../src/pool-folder/index.ts';
import { applyParts, setupDirectory } from '../src/setup/index.ts';
import type { Answered } from '../src/step/ask.ts';
import type { Inputs } from '../src/step/input.ts';
import { SetupCommand } from './oclif/setup-command.ts';

export default class Apply extends SetupCommand {
  static override summary = "Do what a pool's spacectl.yaml says, without a question.";
  static override description =
    'The same as `spacectl init --no-input`, for CI and after you have edited the file. It needs the directory by name, unless you are in it, and never generates a private key in a directory that you did not name, or beside a certificate request whose key is elsewhere, as in a CI checkout; files with secrets are then not rendered.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> my-pool',
    '<%= config.bin %> <%= command.id %> my-pool --dry-run',
  ];
  static override inputs: Inputs = { dir: setupDirectory };

  protected override readonly parts = applyParts;

  protected override readonly savesAnswers = false;

  protected override async prompter(): Promise<undefined> {
    return undefined;
  }

  protected override async answer(inputs: Inputs): Promise<Answered> {
    const { dir = process.env['SPACECTL_DIR'] ?? '.', answers } = await this.commandLine();
    if (answers !== undefined || existsSync(path.join(String(dir), POOL_FILE))) return super.answer(inputs);
    throw new UserError('SPACECTL_MISSING_INPUT', `${dir} has no ${POOL_FILE}`, {
      suggestions: [{ command: `spacectl init ${quoteIfNeeded(String(dir))}` }],
    });
  }
}
