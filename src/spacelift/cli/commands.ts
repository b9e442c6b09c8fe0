import type { Advice } from '../../core/suggestion.ts';
/** Commands that only Spacelift's CLI of the same name has (main.go in spacelift-io/spacectl@490d0dd). */
export const SPACELIFT_CLI_COMMANDS: readonly string[] = [
  'api',
  'audit-trail',
  'blueprint',
  'completion',
  'mcp',
  'module',
  'policy',
  'provider',
  'run-external-dependency',
  'stack',
  'template',
];

/** How to install Spacelift's CLI. */
export const SPACELIFT_CLI_INSTALL: readonly Advice[] = [
  { command: 'brew install spacelift-io/spacelift/spacectl' },
  'Or download it from https://github.com/spacelift-io/spacectl/releases to a directory that comes after this program on the PATH',
];
