import { SECTIONS } from '../../src/pool-folder/pool-file/index.ts';
import { TARGETS } from '../../src/render/index.ts';
import { type Commands, GLOBAL, SEVERAL, type SectionInfo } from './manifest.ts';

/** What flags are about that are not in spacectl.yaml, or in several of its sections. */
const OTHERS: readonly SectionInfo[] = [
  { id: SEVERAL, title: 'Several targets', about: 'Regions, networks, sizes and images of clouds' },
  { id: GLOBAL, title: 'General', about: 'Answers, prompts and output' },
];

/** Describes what flags are about: the sections of spacectl.yaml, those of targets as their targets. @throws Error for another section */
export function describeSections(commands: Commands): readonly SectionInfo[] {
  const nouns = Object.entries(SECTIONS).map(([id, words]) => ({ id, ...words }));
  const targets = Object.entries(TARGETS).map(([id, { name, description }]) => ({
    id,
    title: name,
    about: description,
  }));
  const sections = [...nouns, ...targets, ...OTHERS];
  const known = new Set(sections.map(({ id }) => id));
  const stray = Object.values(commands)
    .flatMap(({ flags }) => flags)
    .find(({ section }) => section !== undefined && !known.has(section));
  if (stray) throw new Error(`--${stray.name} is in the section ${stray.section}, which nothing describes`);
  return sections;
}
