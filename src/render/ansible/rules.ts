import { UserError } from '../../core/errors.ts';
import type { Values } from '../../step/input.ts';
import { type Rule, rule } from '../../step/rule.ts';
import type { ansibleInputs } from './inputs.ts';

type Given = Values<typeof ansibleInputs>;

/** Answers that contradict each other on hosts that a role sets up. */
export const ansibleRules: readonly Rule<Given>[] = [
  rule(['secrets'], ({ secrets }: Given) => {
    if (secrets !== 'encrypted') return;
    throw new UserError(
      'SPACECTL_BAD_INPUT',
      '--secrets encrypted: the role keeps an unencrypted copy of the secrets on the host',
      {
        suggestions: [
          'Pass --secrets credentials',
          'Let the host fetch the secrets, so that none passes through Ansible: --secrets-from',
        ],
      },
    );
  }),
];
