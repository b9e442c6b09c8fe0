import packageJson from '../../package.json' with { type: 'json' };
import type { Manifest } from '../oclif/manifest.ts';
import { GROUPS, HELP_PAGES, TOPICS } from '../topics.ts';
import type { Row, Section } from './page.ts';

/** What people do first: an id, and how it is typed if that takes more words. */
const FIRST: readonly (readonly [id: string, typed?: string])[] = [
  ['init'],
  ['status'],
  ['ca-bundle:build'],
  ['render', 'render TARGET'],
];

/** Returns the help of the program: what people do first, then everything by what it is for. */
export function rootSections(summaries: Manifest['summaries']): readonly Section[] {
  const row = (id: string, typed = id.replaceAll(':', ' ')): Row => [typed, summaries[id] ?? TOPICS[id] ?? ''];
  return [
    { paragraphs: [`${packageJson.description}.`] },
    { heading: 'USAGE', commands: ['spacectl COMMAND'] },
    { heading: 'START HERE', rows: FIRST.map(([id, typed]) => row(id, typed)) },
    ...GROUPS.map(({ title, ids }) => ({ heading: title.toUpperCase(), rows: ids.map((id) => row(id)) })),
    {
      heading: 'HELP',
      rows: [
        ['COMMAND --help', 'What a command does, its common flags and examples.'],
        ['COMMAND --help --all', 'Every flag of a command.'],
        ...Object.entries(HELP_PAGES).map(([name, summary]): Row => [`help ${name}`, summary]),
      ],
    },
  ];
}
