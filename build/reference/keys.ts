import { OTHER_VARIABLES } from '../../commands/help/variables.ts';
import { describePoolFile } from '../../commands/index.ts';
import { code, table } from './fill.ts';

/** The part of a JSON Schema that the list needs. */
interface Described {
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Described[];
  readonly items?: Described;
  readonly properties?: Readonly<Record<string, Described>>;
}

/** Lists the keys of `spacectl.yaml` by section, from its schema. */
export async function listKeys(): Promise<string> {
  const { properties = {} } = JSON.parse(await describePoolFile()) as Described;
  const sections = Object.entries(properties).map(([name, { description = '', properties: keys = {} }]) => {
    const rows = Object.entries(keys).map(([key, each]) => [code(key), valuesOf(each), each.description ?? '']);
    return `## ${name}\n\n${description}.\n\n${table(['key', 'value', 'what it is'], rows)}`;
  });
  return sections.join('\n\n');
}

function valuesOf({ anyOf, enum: values }: Described): string {
  const [list] = anyOf ?? [];
  if (list?.items) return `list of ${valuesOf(list.items)}`;
  if (values?.includes(true)) return '`true`, `false`';
  return values ? values.map((value) => code(String(value))).join(', ') : 'text';
}

/** Lists the variables that are not those of flags, by what they are for. */
export function listOtherVariables(): string {
  const sections = Object.entries(OTHER_VARIABLES).map(([heading, variables]) => {
    const rows = Object.entries(variables).map(([name, meaning]) => [code(name), meaning]);
    return `### ${heading}\n\n${table(['variable', 'what it is'], rows)}`;
  });
  return sections.join('\n\n');
}
