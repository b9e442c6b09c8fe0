import packageJson from '../../package.json' with { type: 'json' };
import { TOPICS } from '../topics.ts';
import { flagSections } from './help-flags.ts';
import { formatSections, type Page, type Section } from './help-page.ts';
import type { ArgumentInfo, CommandInfo, Manifest } from './manifest.ts';

/**
 * Formats the help of a command, of a topic, or of the program.
 * @param id the command's or topic's id; empty for the program
 */
export function formatHelp(id: string, manifest: Manifest, page: Page): string {
  const command = manifest[id];
  return formatSections(command ? commandSections(id, command) : topicSections(id, manifest), page);
}

function commandSections(
  id: string,
  { summary, description, examples, arguments: args, flags }: CommandInfo,
): Section[] {
  const usage = [`spacectl ${asWords(id)}`, ...args.map(usageOf), '[FLAGS]'].join(' ');
  return [
    { paragraphs: [summary, ...(description ? [description] : [])] },
    { heading: 'USAGE', commands: [usage] },
    { heading: 'ARGUMENTS', rows: args.map((arg) => [usageOf(arg), arg.summary]) },
    ...flagSections(flags),
    { heading: 'EXAMPLES', commands: examples },
  ];
}

function topicSections(id: string, manifest: Manifest): Section[] {
  const isChild = (each: string) =>
    id === '' ? !each.includes(':') : each.startsWith(`${id}:`) && !each.slice(id.length + 1).includes(':');
  const children = (all: readonly (readonly [string, string])[]) =>
    all.filter(([each]) => isChild(each)).map(([each, text]) => [asWords(each), text] as const);
  const summaries = Object.entries(manifest).map(([each, { summary }]) => [each, summary] as const);
  return [
    { paragraphs: [TOPICS[id] ?? `${packageJson.description}.`] },
    { heading: 'USAGE', commands: [['spacectl', ...(id ? [asWords(id)] : []), 'COMMAND'].join(' ')] },
    { heading: 'TOPICS', rows: children(Object.entries(TOPICS)) },
    { heading: 'COMMANDS', rows: children(summaries) },
  ];
}

function usageOf({ name, isRepeated }: ArgumentInfo): string {
  return `[${name.toUpperCase()}${isRepeated ? '...' : ''}]`;
}

function asWords(id: string): string {
  return id.replaceAll(':', ' ');
}
