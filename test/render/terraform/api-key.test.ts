import { expect, test } from 'vitest';
import { TERRAFORM_STEPS } from '../../../src/render/terraform/clouds.ts';
import { MODULES } from '../../../src/render/terraform/releases/index.ts';
import { planPool, renderStep, withBundle } from '../../services/render.ts';

const RELEASES = MODULES.filter(({ cloud }) => cloud === 'aws').map(({ version }) => version);

/** The statements that the configuration adds to the role of the instances, by their IDs, with their effects. */
async function statementsWith(...flags: readonly string[]) {
  const texts = await renderStep(TERRAFORM_STEPS.aws, await withBundle(planPool()), flags);
  const main = Object.entries(texts).find(([name]) => name.endsWith('main.tf'))?.[1] ?? '';
  return [...main.matchAll(/Sid\s+= "(\w+)"\s+Effect\s+= "(\w+)"\s+Action\s+= "(\S+)"\s+Resource\s+= (.*)/g)].map(
    ([, ...parts]) => parts.join(' '),
  );
}

const DENIAL = 'SpacectlNoApiKey Deny ssm:GetParameter* var.api_key_parameter_arn';

test.each(RELEASES)(
  '%s: workers may not read the API key of the autoscaler or of the refresh, and have none without them',
  async (release) => {
    const version = ['--module-version', release];
    expect(await statementsWith(...version)).toEqual([]);
    for (const flag of ['--autoscaler', '--instance-refresh']) {
      expect(await statementsWith(...version, flag)).toEqual([DENIAL]);
    }
  },
);

test("the denial joins the right to read the bundle's bucket, and the user's own statements", async () => {
  const own = 'extra_iam_statements=["{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[]}"]';
  const found = await statementsWith('--autoscaler', '--ca-delivery', 's3', '--module-input', own);
  expect(found).toEqual([expect.stringContaining('SpacectlCaBundle Allow'), DENIAL]);
});
