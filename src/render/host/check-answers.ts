import { UserError } from '../../core/errors.ts';
import type { Values } from '../../step/input.ts';
import { type Rule, rule } from '../../step/rule.ts';
import type { hostInputs } from './inputs.ts';
import { LONGEST_RUN } from './service-inputs.ts';

type Given = Values<typeof hostInputs>;

/** Answers about a host that contradict each other. */
export const hostRules: readonly Rule<Given>[] = [
  rule(['secrets', 'secrets-from'], ({ secrets, 'secrets-from': source }: Given) => {
    if (source && secrets !== 'file')
      throw refusal(`--secrets ${secrets} and --secrets-from conflict: fetched secrets are kept in memory only`);
  }),
  rule(['systemd-version', 'secrets'], ({ secrets, 'systemd-version': version }: Given) => {
    if (secrets === 'credentials' && version < 247)
      throw refusal(`--secrets credentials needs systemd 247, not ${version}`);
    if (secrets === 'encrypted' && version < 250)
      throw refusal(`--secrets encrypted needs systemd 250, not ${version}`);
  }),
  rule(['launcher-from', 'launcher-sha256'], (values: Given) => {
    if (values['launcher-from'] === undefined || values['launcher-sha256'] !== undefined) return;
    throw new UserError(
      'SPACECTL_MISSING_INPUT',
      'Missing --launcher-sha256: without it, a launcher from your own source cannot be verified',
      {
        suggestions: [
          {
            text: 'Compute it where the file was built, not where it is stored',
            command: 'sha256sum spacelift-launcher',
          },
        ],
      },
    );
  }),
  rule(['systemd-version', 'logs'], ({ logs, 'systemd-version': version }: Given) => {
    if (logs === 'files' && version < 240) throw refusal(`--logs files needs systemd 240, not ${version}`);
  }),
];

function refusal(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message);
}

/** Warns of answers that have no effect, or an effect that may not be wanted. */
export function warningsFor(values: Given, hasTrust: boolean): readonly string[] {
  const seconds = Number(values['stop-timeout']);
  const hasNoEffect = !hasTrust && (values['mount-path'].length > 0 || values['trust-on-host']);
  return [
    ...(hasNoEffect ? [`No CA bundle in ${values.dir}: --mount-path and --trust-on-host have no effect`] : []),
    ...(values.recycle && seconds < LONGEST_RUN
      ? [
          `--recycle stops a run that takes longer than ${seconds} seconds. To let every run finish: --stop-timeout ${LONGEST_RUN}`,
        ]
      : []),
  ];
}
