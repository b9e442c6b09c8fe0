import type { FlagInfo, Manifest } from '../../oclif/manifest.ts';
import type { Row, Section } from '../page.ts';
import { OTHER_VARIABLES } from '../variables.ts';

/** Lists environment variables: those of programs and systems that are read too, then those that stand for flags. */
export function environmentSections(manifest: Manifest): readonly Section[] {
  const flags = distinctFlags(manifest);
  const rowsOf = (section: string | undefined) =>
    flags.filter((flag) => flag.section === section).flatMap((flag) => flag.variables.map((name) => rowOf(name, flag)));
  return [
    {
      paragraphs: [
        "A flag has priority over its variable, and a variable over the file of --answers and the directory's spacectl.yaml. A variable for a list holds one value on each line. Of a secret, the variable that ends in _FILE names the file, and the other one holds the secret itself.",
      ],
    },
    ...Object.entries(OTHER_VARIABLES).map(([title, variables]) => ({
      heading: title.toUpperCase(),
      rows: Object.entries(variables),
    })),
    ...[{ id: undefined, title: 'One command' }, ...manifest.sections].map(({ id, title }) => ({
      heading: `${title.toUpperCase()} FLAGS`,
      rows: rowsOf(id),
    })),
  ];
}

/** Every flag once, sorted by name: flags of one name mean the same, apart from those that have a variable of their own. */
function distinctFlags({ commands }: Manifest): readonly FlagInfo[] {
  const flags = Object.values(commands).flatMap((command) => command.flags);
  const byVariable = new Map(flags.map((flag) => [flag.variables[0], flag]));
  return [...byVariable.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function rowOf(variable: string, { name, summary }: FlagInfo): Row {
  return [variable, `--${name}: ${summary}`];
}
