import type { LookUp, Proposal, Value } from './complete.ts';

/** Milliseconds that a user waits for a proposal. */
const PATIENCE_MS = 3000;

/**
 * Looks values up: profiles in their file, pools in the account or in a cache that lives for a minute. No cloud is asked for
 * its regions: those of AWS are a table.
 */
export async function lookUp({ what, profile }: LookUp): Promise<Proposal> {
  if (what === 'AWS regions') {
    const { AWS_REGIONS } = await import('../../src/cloud-accounts/index.ts');
    return { kind: 'values', values: Object.entries(AWS_REGIONS) };
  }
  const { allProfiles, knownPools } = await import('../../src/spacelift/index.ts');
  if (what === 'pools') {
    const pools = await knownPools(profile, AbortSignal.timeout(PATIENCE_MS));
    return { kind: 'values', values: pools.map(({ id, name }): Value => [id, name]) };
  }
  const profiles = await allProfiles.run({}, AbortSignal.timeout(PATIENCE_MS));
  return { kind: 'values', values: profiles.map(({ alias, endpoint }): Value => [alias, endpoint ?? '']) };
}
