import { GLOBAL } from './groups.ts';
import type { Section } from './help-page.ts';
import type { FlagInfo } from './manifest.ts';

/** Creates one section per group of flags: the common ones first, those of every command last. */
export function flagSections(flags: readonly FlagInfo[]): readonly Section[] {
  const groups = [...new Set(flags.map(({ group }) => group))].filter(
    (group) => group !== undefined && group !== GLOBAL,
  );
  return [undefined, ...groups, GLOBAL].map((group) => ({
    heading: group === undefined ? 'FLAGS' : `${group.toUpperCase()} FLAGS`,
    rows: rowsOf(flags.filter((flag) => flag.group === group)),
  }));
}

function rowsOf(flags: readonly FlagInfo[]): readonly (readonly [string, string])[] {
  const indent = flags.some(({ char }) => char) ? '    ' : '';
  return flags.map((flag) => rowOf(flag, indent));
}

function rowOf(flag: FlagInfo, indent: string): readonly [string, string] {
  const { name, char, value, isRepeated, isNegatable, summary, description } = flag;
  const short = char ? `-${char}, ` : indent;
  const rest = value === undefined ? '' : `=${value}${isRepeated ? '...' : ''}`;
  return [
    `${short}--${isNegatable ? '[no-]' : ''}${name}${rest}`,
    description ? `${summary}\n${description}` : summary,
  ];
}
