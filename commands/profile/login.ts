import { loginProfile } from '../../src/spacelift/index.ts';
import type { Answered } from '../../src/step/ask.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Login extends StepCommand {
  static override summary = 'Log in to a Spacelift account and save the credentials as a profile.';
  static override description =
    "Shares its profiles with Spacelift's own CLI: config.json in SPACELIFT_CONFIG_DIR or ~/.spacelift, mode 0600. Saves the credentials only after Spacelift has accepted them. A login with a browser runs that CLI, which has to be installed.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> acme',
    '<%= config.bin %> <%= command.id %> acme --method browser --api-endpoint https://acme.app.spacelift.io',
    '$ echo "$SECRET" | <%= config.bin %> <%= command.id %> acme --api-endpoint https://acme.app.spacelift.io --api-key-id 01HCC6QZ932J7WDF4FTVM9QMEP --api-key-secret-file -',
  ];
  static override inputs = loginProfile.inputs;

  protected override readonly parts = [{ step: loginProfile }];

  protected override needsTerminal({ values }: Answered): boolean {
    return values['method'] === 'browser';
  }
}
