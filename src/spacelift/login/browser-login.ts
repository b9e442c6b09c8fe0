import { UserError } from '../../core/errors.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { runOnTerminal } from '../../programs/index.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { SPACELIFT_CLI_INSTALL } from '../cli/commands.ts';
import { findSpaceliftCli } from '../cli/find.ts';
import { overridingVariables } from './credentials.ts';
import { readProfiles, requireProfile } from './profiles.ts';

/**
 * Plans a login with a browser, which Spacelift's CLI does: it opens the browser, waits for the token and saves the profile.
 * @throws UserError `SPACECTL_PROGRAM_MISSING` if it is not installed
 */
export async function planBrowserLogin(alias: string, endpoint: string, planner: Planner): Promise<Plan> {
  const loginWithKey = `spacectl profile login ${quoteIfNeeded(alias)} --method api`;
  const cli = await findSpaceliftCli(process.env, planner.signal);
  if (!cli) {
    const message =
      "To log in with a browser, spacectl needs Spacelift's own CLI, also called spacectl, which is not on the PATH";
    throw new UserError('SPACECTL_PROGRAM_MISSING', message, {
      suggestions: [...SPACELIFT_CLI_INSTALL, { text: 'Or use an API key', command: loginWithKey }],
    });
  }
  // internal/cmd/profile/flags.go and login_command.go in spacelift-io/spacectl@490d0dd.
  const args = ['profile', 'login', '--method', 'browser', '--endpoint', endpoint, alias];
  const login = planner.action({
    title: `Log in to ${endpoint} with a browser, using ${cli}`,
    status: 'change',
    async run(signal) {
      const exitCode = await runOnTerminal(cli, args, signal);
      if (exitCode !== 0) {
        const message = `Spacelift's CLI (${cli}) failed to log in: exit code ${exitCode}. Its own messages are above`;
        throw new UserError('SPACECTL_PROGRAM_FAILED', message, {
          suggestions: [{ text: 'Use an API key', command: loginWithKey }],
        });
      }
      requireProfile(await readProfiles(process.env), alias);
      return { notes: [`Logged in to ${endpoint}`] };
    },
  });
  return {
    changes: [login],
    warnings: overridingVariables(process.env, alias),
    facts: { alias, endpoint, method: 'token' },
  };
}
