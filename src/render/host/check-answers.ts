import { UserError } from '../../core/errors.ts';
import type { Values } from '../../step/input.ts';
import type { hostInputs } from './inputs.ts';

type Given = Values<typeof hostInputs>;

/** Refuses answers that cannot all be meant. @throws UserError `SPACECTL_BAD_INPUT` */
export function refuseContradictions(values: Given): void {
  const version = values['systemd-version'];
  const refuse = (message: string) => {
    throw new UserError('SPACECTL_BAD_INPUT', message);
  };
  if (values['secrets-from'] && values.secrets !== 'file') {
    refuse(`--secrets ${values.secrets} and --secrets-from say opposite things: fetched secrets are in memory only`);
  }
  if (values.secrets === 'credentials' && version < 247)
    refuse(`--secrets credentials needs systemd 247, not ${version}`);
  if (values.secrets === 'encrypted' && version < 250) refuse(`--secrets encrypted needs systemd 250, not ${version}`);
  if (values['launcher-from'] !== undefined && values['launcher-sha256'] === undefined) {
    throw new UserError(
      'SPACECTL_MISSING_INPUT',
      'Missing --launcher-sha256: nothing else vouches for a launcher of yours',
      {
        suggestions: ['Take it where the file was made, not from where it is stored: sha256sum spacelift-launcher'],
      },
    );
  }
  if (values.logs === 'files' && version < 240) refuse(`--logs files needs systemd 240, not ${version}`);
}

/** What was answered and comes to nothing. */
export function warningsFor(values: Given, hasTrust: boolean): readonly string[] {
  if (hasTrust || (values['mount-path'].length === 0 && !values['trust-on-host'])) return [];
  return [`There is no CA bundle in ${values.dir}: --mount-path and --trust-on-host have no effect`];
}
