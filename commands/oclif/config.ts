import type { Config } from '@oclif/core/interfaces';
import { VERSION, VERSION_LINE } from '../version.ts';

/** The part of the configuration that oclif's commands and parser read. */
type UsedConfig = Pick<Config, 'bin' | 'name' | 'version' | 'userAgent' | 'topicSeparator' | 'runHook'>;

/**
 * Creates the configuration that commands are constructed with. oclif would load its own from files and plugins, which this
 * program does not have.
 */
export function commandConfig(): Config {
  const used: UsedConfig = {
    bin: 'spacectl',
    name: 'spacectl',
    version: VERSION,
    userAgent: VERSION_LINE,
    // Commands are found by their ids, before oclif is loaded.
    topicSeparator: ':',
    runHook: async () => ({ successes: [], failures: [] }),
  };
  return used as Config;
}
