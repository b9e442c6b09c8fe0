import type { Values } from '../../../step/input.ts';
import { type Rule, rule } from '../../../step/rule.ts';
import { azureArchitecture, refuseMismatch } from '../../cloud/machines.ts';
import type { azureInputs } from './inputs.ts';

type Given = Values<typeof azureInputs>;

/** Answers that contradict each other: Spacelift's own image is for one architecture. */
export const azureRules: readonly Rule<Given>[] = [
  rule(['machine-image', 'vm-size'], ({ 'machine-image': image, 'vm-size': size }: Given) => {
    if (image !== undefined) return;
    const suggestion = 'Pass --vm-size Standard_B2S, or your own image: --machine-image ID';
    refuseMismatch(size, azureArchitecture(size), 'x86_64', suggestion);
  }),
];
