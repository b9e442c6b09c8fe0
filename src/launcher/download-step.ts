import { step } from '../step/step.ts';
import { output, releaseInputs, selfHostedInputs, sourceInputs } from './inputs.ts';

/** Downloads the verified launcher. */
export const launcher = step({
  id: 'launcher',
  title: 'the launcher',
  canForce: true,
  inputs: { ...releaseInputs, ...sourceInputs, ...selfHostedInputs, output },
  async plan({ output: file, ...values }, planner) {
    const { isProgram } = await import('./executable.ts');
    const { findLauncher } = await import('./find.ts');
    const { content, ...rest } = await findLauncher(values, file, planner);
    return { changes: [await planner.file({ path: file, content, mode: 0o755, replace: isProgram })], ...rest };
  },
});
