import { text, yesNo } from './input.ts';

/** Where all files of one pool live: the contract between steps. Every step that reads or writes files has this input. */
export const directory = text({
  summary: 'Folder that holds the files of this worker pool',
  question: 'Where should the files of this worker pool go?',
  placeholder: 'DIR',
  char: 'd',
  default: '.',
  parse: (folder) => folder,
});

/** Work without any network. */
export const offline = yesNo({ summary: 'Use no network at all' });
