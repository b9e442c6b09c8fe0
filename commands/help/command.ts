import type { ArgumentInfo, CommandInfo, SectionInfo } from '../oclif/manifest.ts';
import { allFlags, briefFlags, commonFlags } from './flags.ts';
import { formatSections, type Page, type Section } from './page.ts';

/** Lines that help of a command may have before it leaves out the rare flags: what fits on a screen. */
export const SCREEN_LINES = 50;

/**
 * Formats the help of a command. If it is too long for a screen, flags that are not common are left out, unless all are
 * wanted.
 * @param words the command's, as they are typed
 */
export function formatCommandHelp(
  words: string,
  command: CommandInfo,
  { sections, all, page }: { readonly sections: readonly SectionInfo[]; readonly all: boolean; readonly page: Page },
): string {
  const { flags } = command;
  const format = (listed: readonly Section[]) => formatSections(withFlags(words, command, listed), page);
  if (all) return format(allFlags(flags, sections));
  for (const listed of [briefFlags(flags, sections), commonFlags(words, flags, sections, true)]) {
    // Each row takes a line: what is much too long need not be laid out.
    if (rowsIn(listed) > SCREEN_LINES) continue;
    const text = format(listed);
    if (linesOf(text) <= SCREEN_LINES) return text;
  }
  return format(commonFlags(words, flags, sections, false));
}

function withFlags(
  words: string,
  { summary, description, examples, arguments: args, flags }: CommandInfo,
  listed: readonly Section[],
): readonly Section[] {
  // An argument that is also a flag is explained with the flags.
  const isOnlyArgument = ({ name }: ArgumentInfo) => flags.every((flag) => flag.name !== name);
  return [
    { paragraphs: [summary, ...(description ? [description] : [])] },
    { heading: 'USAGE', commands: [[words, ...args.map(usageOf), '[FLAGS]'].join(' ')] },
    { heading: 'ARGUMENTS', rows: args.filter(isOnlyArgument).map((arg) => [usageOf(arg), withChoices(arg)]) },
    ...listed,
    { heading: 'EXAMPLES', commands: examples },
  ];
}

function usageOf({ name, isRepeated, isRequired }: ArgumentInfo): string {
  const text = `${name.toUpperCase()}${isRepeated ? '...' : ''}`;
  return isRequired ? text : `[${text}]`;
}

function withChoices({ summary, choices }: ArgumentInfo): string {
  return choices ? `${summary} [${choices.join('|')}]` : summary;
}

function rowsIn(sections: readonly Section[]): number {
  return sections.reduce((sum, { rows = [] }) => sum + rows.length, 0);
}

function linesOf(text: string): number {
  return text.split('\n').length - 1;
}
