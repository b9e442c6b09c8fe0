import type { Manifest } from '../oclif/manifest.ts';
import { isHelpPage, TOPICS } from '../topics.ts';
import { formatCommandHelp } from './command.ts';
import { formatSections, type Page, type Section } from './page.ts';
import { PAGES, type Sources } from './pages/index.ts';
import { rootSections } from './root.ts';

/**
 * Formats the help of a command, of a topic, or of the program, or a page of help.
 * @param id the id of the command or topic, or the name of the page; empty for the program
 * @param all whether to explain every flag
 */
export function formatHelp(id: string, sources: Sources, page: Page, all = false): string {
  const { summaries, commands, sections } = sources.manifest;
  const command = commands[id];
  if (command) return formatCommandHelp(`spacectl ${asWords(id)}`, command, { sections, all, page });
  if (isHelpPage(id)) return formatSections(PAGES[id](sources), page);
  return formatSections(id === '' ? rootSections(summaries) : topicSections(id, summaries), page);
}

function topicSections(id: string, summaries: Manifest['summaries']): readonly Section[] {
  const isChild = (each: string) => each.startsWith(`${id}:`) && !each.slice(id.length + 1).includes(':');
  const children = (all: readonly (readonly [string, string])[]) =>
    all.filter(([each]) => isChild(each)).map(([each, text]) => [asWords(each), text] as const);
  return [
    { paragraphs: [TOPICS[id] ?? ''] },
    { heading: 'USAGE', commands: [`spacectl ${asWords(id)} COMMAND`] },
    { heading: 'TOPICS', rows: children(Object.entries(TOPICS)) },
    { heading: 'COMMANDS', rows: children(Object.entries(summaries)) },
  ];
}

function asWords(id: string): string {
  return id.replaceAll(':', ' ');
}
