/** Description of each topic by its id: its words, joined by colons. */
export const TOPICS: Readonly<Record<string, string>> = {
  ami: "Spacelift's machine images on AWS, and when they are removed.",
  'ca-bundle': "The runner image's trust store with your own CA certificates.",
  host: 'This machine as a worker: install, update, diagnose, uninstall.',
  keypair: "The pool's private key and certificate signing request.",
  launcher: 'The program that connects a host to its pool.',
  profile: "Credentials for Spacelift, shared with Spacelift's own CLI.",
  render: 'Files that turn a Linux host into a worker.',
  token: "The worker pool's token.",
  workerpool: 'Worker pools in Spacelift: create, inspect and maintain them.',
  'workerpool:worker': 'The workers of a worker pool.',
};

/** Topics and commands by what people use them for, in the order of the program's help. */
export const GROUPS: readonly { readonly title: string; readonly ids: readonly string[] }[] = [
  { title: 'Set up', ids: ['init', 'apply', 'keypair', 'token', 'ca-bundle', 'launcher', 'render', 'deploy'] },
  { title: 'Keep', ids: ['status', 'workerpool', 'ami', 'retire'] },
  { title: 'Host', ids: ['host', 'doctor'] },
  { title: 'Account', ids: ['profile', 'whoami'] },
  { title: 'Shell and editor', ids: ['completion', 'schema'] },
];

/** Pages of help that are about no command, by their names: `spacectl help NAME`. */
export const HELP_PAGES = {
  environment: 'Environment variables, and the flags they stand for.',
  'exit-codes': 'Exit codes, and the error codes that have them.',
  'spacectl.yaml': "The keys of a pool's file.",
} as const;

/** The name of a page of help. */
export type HelpPage = keyof typeof HELP_PAGES;

/** Reports whether a word names a page of help. */
export function isHelpPage(word: string | undefined): word is HelpPage {
  return word !== undefined && Object.hasOwn(HELP_PAGES, word);
}
