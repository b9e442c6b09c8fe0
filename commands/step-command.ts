import * as Flags from '@oclif/core/flags';
import type { Answered } from '../src/step/ask.ts';
import { inputsOf, type Part, stepsOf } from '../src/step/conversation.ts';
import { applyPlans, planSteps, type StepPlan } from '../src/step/run.ts';
import { BaseCommand } from './base.ts';
import { stopSignal } from './terminal/signals.ts';
import { taskRunner } from './terminal/tasks.ts';

/** A command made of steps: ask everything, plan everything, then do everything. */
export abstract class StepCommand extends BaseCommand {
  static override baseFlags = {
    ...BaseCommand.baseFlags,
    'dry-run': Flags.boolean({ summary: 'Print what would be done, and change nothing', helpGroup: 'GLOBAL' }),
    force: Flags.boolean({ summary: 'Replace files that spacectl did not make; never keys', helpGroup: 'GLOBAL' }),
    quiet: Flags.boolean({ summary: 'Print nothing but errors', char: 'q', helpGroup: 'GLOBAL' }),
  };

  protected abstract readonly parts: readonly Part[];

  async run(): Promise<void> {
    const flags = await this.commandLine();
    const [dryRun, force] = [flags['dry-run'] === true, flags['force'] === true];
    const answered = await this.answer(inputsOf(this.parts));
    const runTasks = await taskRunner({ isSilent: flags['json'] === true || flags['quiet'] === true });
    const options = { signal: stopSignal, force, runTasks };
    const plans = await planSteps(stepsOf(this.parts, answered.values), answered.values, options);
    if (!dryRun && (await this.agree(plans, answered))) await applyPlans(plans, options);
    else if (!dryRun) return;
    if (flags['quiet'] && !flags['json']) return;
    const { formatReport, jsonReport } = await import('./terminal/report.ts');
    if (flags['json']) process.stdout.write(await jsonReport(this.id ?? '', plans, { dryRun }));
    else process.stdout.write(await formatReport(plans, { dryRun }));
  }

  /** The wizard's last word before anything is touched. */
  protected async agree(_plans: readonly StepPlan[], _answered: Answered): Promise<boolean> {
    return true;
  }
}
