import { readPackageFile } from '../src/core/package-files.ts';
import { choice } from '../src/step/input.ts';
import { InquiryCommand } from './oclif/inquiry-command.ts';

const SHELLS = [{ value: 'bash' }, { value: 'zsh' }, { value: 'fish' }] as const;

export default class Completion extends InquiryCommand {
  static override summary = 'Print the completion of commands, flags and values for a shell.';
  static override description =
    'Save it where the shell finds it: bash: ~/.local/share/bash-completion/completions/spacectl (needs bash-completion; otherwise source it in ~/.bashrc). zsh: a file _spacectl in a directory of $fpath. fish: ~/.config/fish/completions/spacectl.fish. The shell starts no slower: spacectl runs only when Tab is pressed. IDs of pools are asked for with your credentials, once a minute at most.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bash > spacectl.bash',
    '<%= config.bin %> <%= command.id %> zsh > _spacectl',
    '<%= config.bin %> <%= command.id %> fish > spacectl.fish',
  ];
  static override inputs = {
    shell: choice({ summary: 'Shell', question: 'Which shell?', positional: true, choices: SHELLS }),
  };

  async run(): Promise<void> {
    const { values } = await this.answer(Completion.inputs);
    const script = readPackageFile(`templates/completion/spacectl.${values['shell']}`);
    await this.print({ shell: values['shell'], script }, () => script);
  }
}
