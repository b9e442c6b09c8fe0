import type { FlagInfo, SectionInfo } from '../oclif/manifest.ts';
import type { Row, Section } from './page.ts';

/** Lists the flags of a command, each with all there is to say: its own and the common ones, then those of each section. */
export function allFlags(flags: readonly FlagInfo[], sections: readonly SectionInfo[]): readonly Section[] {
  return listFlags(flags, sections, fullRow);
}

/** Lists the flags of a command, each in a few words. */
export function briefFlags(flags: readonly FlagInfo[], sections: readonly SectionInfo[]): readonly Section[] {
  return listFlags(flags, sections, briefRow);
}

/**
 * Lists the common flags of a command, and says what the others are about.
 * @param withNames whether to name the others; otherwise they are counted
 */
export function commonFlags(
  command: string,
  flags: readonly FlagInfo[],
  sections: readonly SectionInfo[],
  withNames: boolean,
): readonly Section[] {
  const groups = sections.flatMap(({ id, about }): readonly Row[] => {
    const names = flags.filter(({ isCommon, section }) => !isCommon && section === id).map(({ name }) => `--${name}`);
    return names.length === 0 ? [] : [[id, withNames ? `${about}: ${names.join(', ')}` : `${about} (${names.length})`]];
  });
  const common = flags.filter(({ isCommon }) => isCommon);
  const heading = `MORE FLAGS, which "${command} --help --all" explains`;
  return [...listFlags(common, [], briefRow), { heading, rows: groups }];
}

function listFlags(
  flags: readonly FlagInfo[],
  sections: readonly SectionInfo[],
  row: typeof fullRow,
): readonly Section[] {
  const rare = flags.filter(({ isCommon }) => !isCommon);
  return [
    {
      heading: 'FLAGS',
      rows: rowsOf(
        flags.filter(({ isCommon }) => isCommon),
        row,
      ),
    },
    ...sections.map(({ id, title }) => ({
      heading: `${title.toUpperCase()} FLAGS`,
      rows: rowsOf(
        rare.filter(({ section }) => section === id),
        row,
      ),
    })),
  ];
}

function rowsOf(flags: readonly FlagInfo[], row: typeof fullRow): readonly Row[] {
  const indent = flags.some(({ char }) => char) ? '    ' : '';
  return flags.map((flag) => row(flag, indent));
}

function fullRow(flag: FlagInfo, indent: string): Row {
  const text = summaryWithNotes(flag);
  return [nameOf(flag, indent), flag.description ? `${text}\n${flag.description}` : text];
}

function briefRow(flag: FlagInfo, indent: string): Row {
  return [nameOf(flag, indent), withNotes(flag.summary, [...choicesOf(flag), ...defaultOf(flag)])];
}

function nameOf({ name, char, value, isRepeated, isNegatable }: FlagInfo, indent: string): string {
  const short = char ? `-${char}, ` : indent;
  const rest = value === undefined ? '' : `=${value}${isRepeated ? '...' : ''}`;
  return `${short}--${isNegatable ? '[no-]' : ''}${name}${rest}`;
}

/** Returns the summary of a flag, with its choices, default and variables in brackets. */
export function summaryWithNotes(flag: FlagInfo): string {
  const { summary, isRepeated, targets, variables } = flag;
  return withNotes(summary, [
    ...(targets ? [`for ${targets.join(', ')}`] : []),
    ...choicesOf(flag),
    ...defaultOf(flag),
    ...(isRepeated ? ['repeatable'] : []),
    ...(variables.length > 0 ? [variables.join(' or ')] : []),
  ]);
}

function withNotes(summary: string, notes: readonly string[]): string {
  return notes.length > 0 ? `${summary} [${notes.join('; ')}]` : summary;
}

function choicesOf({ choices }: FlagInfo): readonly string[] {
  return choices ? [choices.join('|')] : [];
}

function defaultOf({ default: fallback }: FlagInfo): readonly string[] {
  return fallback === undefined ? [] : [`default: ${fallback}`];
}
