import { MARK } from '../../../pool-folder/index.ts';
import { BLANK, block, formatHcl, type Item, type Value } from './hcl.ts';
import { formatExample, formatVariables, type Variable } from './variables.ts';

/** A Terraform configuration that can be applied as it is. */
export interface RootModule {
  /** The heading of its README. */
  readonly title: string;
  readonly requiredVersion: string;
  readonly providers: Readonly<Record<string, { readonly source: string; readonly version: string }>>;
  readonly variables: readonly Variable[];
  readonly main: readonly Item[];
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: Value }>>;
  /** Lines of the README after the heading. */
  readonly readme: readonly string[];
}

/** Formats the files of a root module, by name, as `terraform fmt` does. */
export function formatRootModule(root: RootModule): Record<string, string> {
  const outputs = Object.entries(root.outputs).map(([name, { description, value }]) =>
    block('output', [name], { description, value }),
  );
  return {
    'versions.tf': formatHcl([
      MARK,
      BLANK,
      block(
        'terraform',
        [],
        { required_version: root.requiredVersion },
        BLANK,
        block('required_providers', [], root.providers),
      ),
    ]),
    'main.tf': formatHcl([MARK, BLANK, ...apart(root.main)]),
    'variables.tf': `# ${MARK}\n${formatVariables(root.variables)}`,
    'outputs.tf': formatHcl([MARK, BLANK, ...apart(outputs)]),
    'terraform.tfvars.example': `# ${MARK}\n${formatExample(root.variables)}`,
    'README.md': `<!-- ${MARK} -->\n# ${root.title}\n\n${root.readme.join('\n')}\n`,
  };
}

/** Puts an empty line before every block but the first. A comment stays with the block after it. */
export function apart(items: readonly Item[]): Item[] {
  return items.flatMap((item, index) => {
    const isNew = index > 0 && (typeof item === 'string' || typeof items[index - 1] !== 'string');
    return isNew ? [BLANK, item] : [item];
  });
}
