import { BLANK, block, formatHcl, type Item, type Value } from './hcl.ts';
import { formatExample, formatVariables, type Variable } from './variables.ts';

/** A configuration that can be applied as it is. */
export interface RootModule {
  /** What it is about, for the first line of its README. */
  readonly title: string;
  readonly requiredVersion: string;
  readonly providers: Readonly<Record<string, { readonly source: string; readonly version: string }>>;
  readonly variables: readonly Variable[];
  readonly main: readonly Item[];
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: Value }>>;
  /** Lines of the README after the first, as few as will do. */
  readonly readme: readonly string[];
}

const HEADER = 'Rendered by spacectl.';

/** The files of a root module by name, as `terraform fmt` would have them. */
export function formatRootModule(root: RootModule): Record<string, string> {
  const outputs = Object.entries(root.outputs).map(([name, { description, value }]) =>
    block('output', [name], { description, value }),
  );
  return {
    'versions.tf': formatHcl([
      HEADER,
      BLANK,
      block(
        'terraform',
        [],
        { required_version: root.requiredVersion },
        BLANK,
        block('required_providers', [], root.providers),
      ),
    ]),
    'main.tf': formatHcl([HEADER, BLANK, ...apart(root.main)]),
    'variables.tf': `# ${HEADER}\n${formatVariables(root.variables)}`,
    'outputs.tf': formatHcl([HEADER, BLANK, ...apart(outputs)]),
    'terraform.tfvars.example': `# ${HEADER}\n${formatExample(root.variables)}`,
    'README.md': `<!-- ${HEADER} -->\n# ${root.title}\n\n${root.readme.join('\n')}\n`,
  };
}

/** An empty line before every block but the first; a comment keeps close to the block that follows it. */
export function apart(items: readonly Item[]): Item[] {
  return items.flatMap((item, index) => {
    const isNew = index > 0 && (typeof item === 'string' || typeof items[index - 1] !== 'string');
    return isNew ? [BLANK, item] : [item];
  });
}
