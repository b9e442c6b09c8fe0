import { UserError } from '../../core/errors.ts';
import { domainOf, environmentOf } from '../../launcher/index.ts';
import { readToken } from '../../pki/index.ts';
import { readPoolToken } from '../../pool-folder/index.ts';
import type { Values } from '../../step/input.ts';
import type { Planner } from '../../step/plan.ts';
import type { cloudInputs } from './inputs.ts';

type Given = Values<typeof cloudInputs>;

/** Spacelift's environment: the one that was named, else that of the pool's token. */
async function environmentOfPool({ environment, dir }: Pick<Given, 'dir' | 'environment'>, planner: Planner) {
  if (environment !== undefined) return environment;
  const token = await readPoolToken(dir, planner);
  return token?.isKnown ? environmentOf(readToken(await token.bytes())) : 'standard';
}

/** @throws UserError `SPACECTL_BAD_INPUT` for FedRAMP, whose launcher the modules do not download */
export async function refuseFedRamp(
  given: Pick<Given, 'dir' | 'environment'>,
  planner: Planner,
  ways: readonly string[] = [],
): Promise<void> {
  if ((await environmentOfPool(given, planner)) !== 'fedramp') return;
  throw new UserError('SPACECTL_BAD_INPUT', "The vendor's module downloads the standard launcher, not FedRAMP's", {
    suggestions: [...ways, 'spacectl render ansible, or spacectl render cloud-init'],
  });
}

/** The domain the module downloads the launcher from, where it is not the module's own default. */
export async function otherDomain(
  given: Pick<Given, 'dir' | 'domain' | 'environment'>,
  planner: Planner,
): Promise<string | undefined> {
  const domain = given.domain ?? domainOf(await environmentOfPool(given, planner));
  return domain === domainOf('standard') ? undefined : domain;
}
