import { execa } from 'execa';
import { expect } from 'vitest';
import { TERRAFORM_STEPS } from '../../../src/render/terraform/clouds.ts';
import { testWith } from '../../services/programs.ts';
import { planPool, planStep } from '../../services/render.ts';

testWith('bash')('a variable that the boot script cannot export is refused in every cloud', async () => {
  const { stdout } = await execa('bash', ['-c', 'readonly -p']);
  const readOnly = [...stdout.matchAll(/^declare -\S+ (\w+)=/gm)].map(([, name = '']) => name);
  expect(readOnly).toContain('UID');
  for (const step of Object.values(TERRAFORM_STEPS)) {
    for (const name of [...readOnly, 'PATH', 'IFS', 'BASH_ENV']) {
      await expect(planStep(step, await planPool(), ['--env', `${name}=7`])).rejects.toMatchObject({
        code: 'SPACECTL_BAD_INPUT',
        message: expect.stringContaining(`--env ${name}: `),
      });
    }
  }
});
