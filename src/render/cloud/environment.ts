import { domainOf } from '../../launcher/index.ts';
import { readToken } from '../../pki/index.ts';
import { readPoolToken } from '../../spacelift/index.ts';
import { UserError } from '../../step/errors.ts';
import type { Values } from '../../step/input.ts';
import type { Planner } from '../../step/plan.ts';
import type { cloudInputs } from './inputs.ts';

type Given = Values<typeof cloudInputs>;

/** Whether the workers belong to FedRAMP: said, or seen in the token. */
async function isFedRamp({ environment, dir }: Pick<Given, 'dir' | 'environment'>, planner: Planner): Promise<boolean> {
  if (environment !== undefined) return environment === 'fedramp';
  const token = await readPoolToken(dir, planner);
  return token?.isKnown ? readToken(await token.bytes()).isFedRamp : false;
}

/** @throws UserError `SPACECTL_BAD_INPUT` for FedRAMP, whose launcher the modules do not download */
export async function refuseFedRamp(
  given: Pick<Given, 'dir' | 'environment'>,
  planner: Planner,
  ways: readonly string[] = [],
): Promise<void> {
  if (!(await isFedRamp(given, planner))) return;
  throw new UserError('SPACECTL_BAD_INPUT', "The vendor's module downloads the standard launcher, not FedRAMP's", {
    suggestions: [...ways, 'spacectl render ansible, or spacectl render cloud-init'],
  });
}

/** The domain the module downloads the launcher from, where it is not the module's own default. */
export function otherDomain(given: Pick<Given, 'domain' | 'environment'>): string | undefined {
  const domain = given.domain ?? domainOf(given.environment ?? 'standard');
  return domain === domainOf('standard') ? undefined : domain;
}
