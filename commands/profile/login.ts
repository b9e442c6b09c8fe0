import { loginProfile } from '../../src/spacelift/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Login extends StepCommand {
  static override summary = 'Log in to a Spacelift account and save the credentials as a profile.';
  static override description =
    "Shares its profiles with Spacelift's own CLI: config.json in SPACELIFT_CONFIG_DIR or ~/.spacelift, mode 0600. Saves the credentials only after Spacelift accepted them. To log in with a browser, use that CLI; its profiles work here too.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> acme',
    '$ echo "$SECRET" | <%= config.bin %> <%= command.id %> acme --api-endpoint https://acme.app.spacelift.io --api-key-id 01HCC6QZ932J7WDF4FTVM9QMEP --api-key-secret-file -',
  ];
  static override inputs = loginProfile.inputs;

  protected override readonly parts = [{ step: loginProfile }];
}
