import * as Flags from '@oclif/core/flags';
import type { Answered } from '../../src/step/ask.ts';
import { inputsOf, type Part, rulesOf, stepsOf } from '../../src/step/conversation.ts';
import { applyPlans, planSteps, type StepPlan } from '../../src/step/run.ts';
import { print, printDocument } from '../terminal/output.ts';
import { stopSignal } from '../terminal/signals.ts';
import { taskRunner } from '../terminal/tasks.ts';
import { BaseCommand, FOUND_SOMETHING } from './base.ts';

/** Plans what answers ask for. @throws UserError */
export type PlanAnswers = (answered: Answered) => Promise<readonly StepPlan[]>;

/** The flag of commands that refuse to do something without it (`canForce` of their steps). */
export const forceFlag = {
  force: Flags.boolean({ summary: 'Replace files that spacectl did not create; never keys' }),
};

/** The flag of commands that change a pool, which someone else may manage. */
export const forcePoolFlag = {
  force: Flags.boolean({ summary: 'Change a pool that a Kubernetes controller manages' }),
};

/** Base of commands made of steps: asks everything, plans everything, then applies the plans. */
export abstract class StepCommand extends BaseCommand {
  static override baseFlags = {
    ...BaseCommand.baseFlags,
    'dry-run': Flags.boolean({ summary: 'Show the plan without changing anything' }),
    quiet: Flags.boolean({ summary: 'Print only errors', char: 'q' }),
  };

  protected abstract readonly parts: readonly Part[];

  protected override get rules(): ReturnType<typeof rulesOf> {
    return rulesOf(this.parts);
  }

  async run(): Promise<void> {
    const flags = await this.commandLine();
    const [dryRun, force] = [flags['dry-run'] === true, flags['force'] === true];
    const answered = await this.answer(inputsOf(this.parts));
    const isSilent = flags['json'] === true || flags['quiet'] === true;
    const runTasks = await taskRunner({
      isSilent,
      isPlain: flags['verbose'] === true || this.needsTerminal(answered) || (await this.isPlain()),
    });
    const options = { signal: stopSignal, force, runTasks };
    this.#apply = (some) => applyPlans(some, options);
    const plan: PlanAnswers = async (given) => {
      const planned = await planSteps(stepsOf(this.parts, given.values), given.values, options);
      return this.withOwnPlans(planned, given, options);
    };
    const plans = dryRun ? await plan(answered) : await this.decide(answered, plan);
    if (!plans) return;
    await this.releaseTerminal();
    const applied = dryRun ? plans : await applyPlans(plans, options);
    const asJson = flags['json'] === true;
    if (asJson || !flags['quiet']) await this.report(applied, { dryRun, asJson });
    if (!dryRun && !isSilent) await this.close(answered);
    if (applied.some(({ plan }) => (plan.findings ?? []).length > 0)) this.exit(FOUND_SOMETHING);
  }

  #apply: ((plans: readonly StepPlan[]) => Promise<readonly StepPlan[]>) | undefined;

  /** Applies plans of which others depend, while a command decides. @throws UserError as `applyPlans` */
  protected async applyNow(plans: readonly StepPlan[]): Promise<void> {
    await this.#apply?.(plans);
  }

  /** Prints plans, before or after they are applied. */
  protected async report(plans: readonly StepPlan[], { dryRun, asJson }: { dryRun: boolean; asJson: boolean }) {
    const { formatReport, jsonReport } = await import('../terminal/report.ts');
    if (asJson) printDocument(await jsonReport(this.id ?? '', plans, { dryRun }), 2);
    else print(await formatReport(plans, { dryRun }));
  }

  /** Lets a command print something behind its report. */
  protected async close(_answered: Answered): Promise<void> {}

  /** Reports whether another program uses the terminal while the plans are applied, so that no live list can be shown there. */
  protected needsTerminal(_answered: Answered): boolean {
    return false;
  }

  /** Lets a command check the plans of its steps, and add its own. */
  protected async withOwnPlans(
    plans: readonly StepPlan[],
    _answered: Answered,
    _options: Parameters<typeof planSteps>[2],
  ): Promise<readonly StepPlan[]> {
    return plans;
  }

  /** Lets a command ask before its plans are applied. @returns the plans to apply; `undefined` to stop */
  protected decide(answered: Answered, plan: PlanAnswers): Promise<readonly StepPlan[] | undefined> {
    return plan(answered);
  }
}
