import type { Manifest } from '../../oclif/manifest.ts';
import type { HelpPage } from '../../topics.ts';
import type { Section } from '../page.ts';
import { environmentSections } from './environment.ts';
import { exitCodeSections } from './exit-codes.ts';
import { poolFileSections } from './pool-file.ts';

/** What help is made from: what the build has written. */
export interface Sources {
  readonly manifest: Manifest;
  /** Reads the JSON Schema of spacectl.yaml. */
  readonly readSchema: () => string;
}

/** What each page of help says. */
export const PAGES: Readonly<Record<HelpPage, (sources: Sources) => readonly Section[]>> = {
  environment: ({ manifest }) => environmentSections(manifest),
  'exit-codes': exitCodeSections,
  'spacectl.yaml': ({ readSchema }) => poolFileSections(readSchema()),
};
