import { domainOf, type Environment, environmentOf } from '../../launcher/index.ts';
import { readToken } from '../../pki/index.ts';
import { type Content, derive, known } from '../../step/content.ts';
import type { Values } from '../../step/input.ts';
import type { FillHostTemplate } from './host-file.ts';
import type { hostInputs } from './inputs.ts';

type Given = Values<typeof hostInputs>;

/** Renders the script that updates the launcher at every start, to Spacelift's newest or to the pinned one. */
export async function renderUpdater(
  values: Given,
  token: Content | undefined,
  fill: FillHostTemplate,
): Promise<Content> {
  const { 'launcher-sha256': digest, 'launcher-from': source = '' } = values;
  if (digest !== undefined) return known(await fill('systemd/spacelift-keep-launcher', { source, digest }));
  const newest = (environment: Environment) => fill('systemd/spacelift-update-launcher', release(values, environment));
  return forRelease(values, token, newest);
}

/** Returns the values that name the launcher to download. */
function release(
  { domain, fingerprint, 'allow-downgrade': mayDowngrade }: Given,
  environment: Environment,
): Record<string, string> {
  const variant = environment === 'fedramp' ? '-fedramp' : '';
  const downgrade = mayDowngrade ? 'yes' : 'no';
  return { domain: domain ?? domainOf(environment), variant, fingerprint, downgrade };
}

/** Renders for the given environment, else for the one that the token names, once there is a token. */
async function forRelease(
  { environment }: Given,
  token: Content | undefined,
  render: (environment: Environment) => Promise<string>,
): Promise<Content> {
  if (environment !== undefined || !token) return known(await render(environment ?? 'standard'));
  return derive([token], (bytes) => render(environmentOf(readToken(bytes))));
}
