import { stat } from 'node:fs/promises';
import { UserError } from '../core/errors.ts';
import { text, yesNo } from './input.ts';

/** Where all files of one pool live: the contract between steps. Every step that reads or writes files has this input. */
export const directory = text({
  summary: 'Folder that holds the files of this worker pool',
  hint: () =>
    'All files of one worker pool live in one folder: private key, certificate request, token, CA bundle, files for hosts.',
  question: 'Where should the files of this worker pool go?',
  placeholder: 'DIR',
  char: 'd',
  default: '.',
  async parse(folder) {
    if ((await stat(folder).catch(() => undefined))?.isDirectory() ?? true) return folder;
    throw new UserError('SPACECTL_BAD_INPUT', `${folder} is there, and is no folder`);
  },
});

/** The same for what only looks: it asks nobody for it. */
export const folder = { ...directory, asked: false } as const;

/** Work without any network. */
export const offline = yesNo({ summary: 'Use no network at all' });

/** What other systems call the two architectures. */
export const ARCHITECTURE_SYNONYMS = { amd64: 'x86_64', x64: 'x86_64', aarch64: 'arm64' } as const;
