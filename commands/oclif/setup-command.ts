import { quoteIfNeeded } from '../../src/core/text.ts';
import { canDeploy } from '../../src/deploy/index.ts';
import { keepAnswers, recordRendered, refuseUnnamedKey, setupParts, stopsOf } from '../../src/setup/index.ts';
import type { Answered } from '../../src/step/ask.ts';
import { inputsOf, type Part } from '../../src/step/conversation.ts';
import { planSteps, type StepPlan } from '../../src/step/run.ts';
import { print } from '../terminal/output.ts';
import { readSchema } from './manifest.ts';
import { forceFlag, StepCommand } from './step-command.ts';

/** Base of the commands that set up everything in a pool's directory. */
export abstract class SetupCommand extends StepCommand {
  static override baseFlags = { ...StepCommand.baseFlags, ...forceFlag };

  protected override readonly parts: readonly Part[] = setupParts;

  /** Whether what was given is saved in spacectl.yaml. */
  protected readonly savesAnswers: boolean = true;

  protected override async close({ values }: Answered): Promise<void> {
    const { drawPicture } = await import('../terminal/picture.ts');
    const dir = String(values['dir']);
    print(`\n${drawPicture(await stopsOf(dir))}`);
    if (await canDeploy(dir))
      print(`\nTo put it where it belongs, and wait for its workers:\n  spacectl deploy ${quoteIfNeeded(dir)}\n`);
  }

  protected override async withOwnPlans(
    plans: readonly StepPlan[],
    answered: Answered,
    options: Parameters<typeof planSteps>[2],
  ): Promise<readonly StepPlan[]> {
    refuseUnnamedKey(plans, answered);
    const run = { inputs: inputsOf(this.parts), answered, plans, schema: readSchema() };
    // First, so that the answers are saved even if something else fails.
    const first = await planSteps([keepAnswers(run, this.savesAnswers)], answered.values, options);
    const rendered = recordRendered(plans, String(answered.values['dir']), true);
    if (!rendered.when?.({})) return [...first, ...plans];
    return [...first, ...plans, ...(await planSteps([rendered], answered.values, options))];
  }
}
