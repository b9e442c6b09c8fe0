import { stat } from 'node:fs/promises';
import { isSystemError, UserError } from '../core/errors.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { choice, optionalText, text, yesNo } from './input.ts';
import { matching } from './parsers.ts';

/** Where all files of one pool live, for commands that put the first of them there: it is created if it does not exist. */
export const newDirectory = text({
  section: null,
  summary: 'Directory that holds the files of this worker pool',
  question: 'Where should the files of this worker pool go?',
  placeholder: 'DIR',
  char: 'd',
  default: '.',
  async parse(folder) {
    if ((await stat(folder).catch(() => undefined))?.isDirectory() ?? true) return folder;
    throw new UserError('SPACECTL_BAD_INPUT', `${folder} exists and is not a directory`);
  },
});

/**
 * The same for all other commands, which need what is in it: one that does not exist is refused, because its name is
 * mistyped, and what is read from it would silently be missing.
 */
export const directory: typeof newDirectory = {
  ...newDirectory,
  async parse(texts, values) {
    const folder = await newDirectory.parse(texts, values);
    const isMissing = await stat(folder).then(
      () => false,
      (error: unknown) => isSystemError(error, 'ENOENT'),
    );
    if (!isMissing) return folder;
    throw new UserError('SPACECTL_BAD_INPUT', `${folder} does not exist`, {
      suggestions: [
        { text: 'Check the name, or set up a pool there', command: `spacectl init ${quoteIfNeeded(folder)}` },
      ],
    });
  },
};

/** Work without any network. */
export const offline = yesNo({ section: 'pool', summary: 'Use no network at all' });

/** The architecture of worker hosts. */
export const architecture = choice({
  summary: 'Architecture of the workers; amd64, x64 and aarch64 are accepted too',
  question: 'Which architecture?',
  placeholder: 'ARCH',
  choices: [
    { value: 'x86_64', name: 'x86_64 (Intel, AMD)' },
    { value: 'arm64', name: 'arm64 (Graviton)', description: 'Cheaper; custom runner images have to be built for it' },
  ],
  default: 'x86_64',
  // What other systems call the two.
  synonyms: { amd64: 'x86_64', x64: 'x86_64', aarch64: 'arm64' },
});

/** A region of AWS or Google Cloud. */
export const region = optionalText({
  summary: 'Region',
  question: 'Region (optional)',
  placeholder: 'REGION',
  parse: matching(/^[a-z]{2,}(?:-[a-z]+)+-?\d$/, 'the name of a region, as in eu-west-1'),
});
