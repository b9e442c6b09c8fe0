import type { Config } from '@oclif/core/interfaces';
import { USER_AGENT, VERSION } from '../version.ts';

/** What oclif's commands and parser read of their configuration. */
type UsedConfig = Pick<Config, 'bin' | 'name' | 'version' | 'userAgent' | 'topicSeparator' | 'runHook'>;

/**
 * The configuration that commands are made with. oclif's own is worked out from files and plugins, of which this program
 * has none: a command that needs more than this asks for it elsewhere.
 */
export function commandConfig(): Config {
  const used: UsedConfig = {
    bin: 'spacectl',
    name: 'spacectl',
    version: VERSION,
    userAgent: USER_AGENT,
    // Commands are found by their ids, before oclif is loaded.
    topicSeparator: ':',
    runHook: async () => ({ successes: [], failures: [] }),
  };
  return used as Config;
}
