import { keypair } from '../../src/pki/index.ts';
import { StepCommand } from '../oclif/step-command.ts';

export default class Generate extends StepCommand {
  static override summary = "Create the worker pool's private key and certificate signing request.";
  static override description =
    'Writes spacelift.key (PKCS#8, mode 0600) and spacelift.csr (PKCS#10, SHA-256). Never overwrites an existing key.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dir my-pool',
    '<%= config.bin %> <%= command.id %> --dir my-pool --subject "O=Acme\\, Inc.,OU=Platform,C=DE"',
  ];
  static override inputs = keypair.inputs;

  protected override readonly parts = [{ step: keypair }];
}
