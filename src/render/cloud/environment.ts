import { domainOf, type Environment, environmentOf } from '../../launcher/index.ts';
import type { Token } from '../../pki/index.ts';
import type { Values } from '../../step/input.ts';
import type { cloudInputs } from './inputs.ts';

type Given = Values<typeof cloudInputs>;

/** Returns Spacelift's environment: the given one, else that of the pool's token. */
export function environmentFor({ environment }: Pick<Given, 'environment'>, token: Token | undefined): Environment {
  return environment ?? (token ? environmentOf(token) : 'standard');
}

/** Returns the domain the module downloads the launcher from, or `undefined` for the module's default. */
export function otherDomain(
  given: Pick<Given, 'domain' | 'environment'>,
  token: Token | undefined,
): string | undefined {
  const domain = given.domain ?? domainOf(environmentFor(given, token));
  return domain === domainOf('standard') ? undefined : domain;
}
