import { stat } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../core/errors.ts';
import { hasModes } from '../../files/modes.ts';
import { choice, onlyWhen, secret, text } from '../../step/input.ts';
import { anyText } from '../../step/parsers.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { step } from '../../step/step.ts';
import { apiEndpoint, apiKeyId, apiKeySecret } from './inputs.ts';
import type { ProfileChange } from './profile-changes.ts';

/** The alias of a profile that exists. */
const alias = text({
  summary: 'Alias of the profile',
  question: 'Name of the profile',
  positional: true,
  parse: anyText,
});

/** The alias of a profile to save. The rule is that of Spacelift's CLI, which shares the file. */
const newAlias = {
  ...alias,
  parse([given = '']: readonly string[]) {
    // invalidProfileAliases (spacelift-io/spacectl@490d0dd, client/session/profile_manager.go).
    const [wrong] = /[/\\.]|current|^$|^-|\p{Cc}/u.exec(given) ?? [];
    if (wrong === undefined) return given;
    const why = wrong.trim() === '' || wrong === '-' ? '' : `: Spacelift's CLI does not allow "${wrong}" in an alias`;
    throw new UserError('SPACECTL_BAD_INPUT', `"${given}" is not a valid profile alias${why}`);
  },
};

type Method = 'api' | 'github' | 'token' | 'browser';

const isMethod =
  (...methods: readonly Method[]) =>
  ({ method }: { method: Method }) =>
    methods.includes(method);
const trim = (value: string) => value.trim();

/** Saves credentials as a profile after Spacelift accepted them, and makes it the current one. */
export const loginProfile = step({
  id: 'loginProfile',
  title: 'the profile',
  inputs: {
    alias: newAlias,
    method: choice({
      summary: 'How to log in',
      question: 'How do you log in?',
      otherVariables: ['SPACECTL_LOGIN_METHOD'],
      choices: [
        { value: 'api', name: 'API key', description: 'Create one in Spacelift under Settings > API keys' },
        { value: 'github', name: 'GitHub access token', description: 'For accounts that log in with GitHub' },
        { value: 'token', name: 'API token', description: 'A JSON Web Token, valid for a few hours' },
        { value: 'browser', name: 'Browser', description: "Needs Spacelift's own CLI, which opens the browser" },
      ],
      default: 'api',
      askedDespiteDefault: true,
    }),
    // An API token contains the address.
    'api-endpoint': onlyWhen(isMethod('api', 'github', 'browser'), {
      ...apiEndpoint,
      otherVariables: ['SPACECTL_LOGIN_ENDPOINT'],
    }),
    // Spacelift's CLI takes the key from here as well (internal/cmd/profile/login_command.go).
    'api-key-id': onlyWhen(isMethod('api'), { ...apiKeyId, otherVariables: ['SPACELIFT_API_KEY_ID'] }),
    'api-key-secret': onlyWhen(isMethod('api'), { ...apiKeySecret, otherVariables: ['SPACELIFT_API_KEY_SECRET'] }),
    'access-token': onlyWhen(
      isMethod('github', 'token'),
      secret({
        summary: 'GitHub access token or API token (-: standard input)',
        question: 'The token: paste it, or name its file',
        placeholder: 'FILE',
        required: true,
        parse: trim,
      }),
    ),
  },
  async plan({ alias: called, method, ...values }, planner) {
    const { 'api-endpoint': endpoint = '', 'api-key-id': id = '', 'api-key-secret': secretOf = '' } = values;
    const { 'access-token': token = '' } = values;
    if (method === 'browser') {
      const { planBrowserLogin } = await import('./browser-login.ts');
      return planBrowserLogin(called, endpoint, planner);
    }
    const { overridingVariables, tokenCredentials } = await import('./credentials.ts');
    const { withProfile } = await import('./profile-changes.ts');
    const { fetchIdentity } = await import('./identity.ts');
    const source = 'the new profile';
    const credentials =
      method === 'api'
        ? ({ method: 'apikey', endpoint, keyId: id, keySecret: secretOf, source } as const)
        : method === 'github'
          ? ({ method, endpoint, token, source } as const)
          : tokenCredentials(token, 'The token');
    planner.report(`logging in to ${credentials.endpoint}`);
    const { id: viewer, name, expiresAt } = await fetchIdentity(credentials, planner.signal);
    const save = await profileChange(`Save the profile "${called}"`, planner, (profiles) =>
      withProfile(profiles, called, credentials),
    );
    return {
      changes: [save],
      notes: [`Logged in to ${credentials.endpoint} as ${name ? `${name} (${viewer})` : viewer}`],
      warnings: overridingVariables(process.env, called),
      facts: {
        alias: called,
        endpoint: credentials.endpoint,
        method: credentials.method,
        ...(method === 'token' && { expiresAt }),
      },
    };
  },
});

/** Selects the current profile. */
export const selectProfile = step({
  id: 'selectProfile',
  title: 'the current profile',
  inputs: { alias },
  async plan({ alias: called }, planner) {
    const { overridingVariables } = await import('./credentials.ts');
    const { withCurrent } = await import('./profile-changes.ts');
    const { requireProfile } = await import('./profiles.ts');
    const change = await profileChange(`Select the profile "${called}"`, planner, (profiles) => {
      requireProfile(profiles, called);
      return withCurrent(profiles, called);
    });
    return { changes: [change], warnings: overridingVariables(process.env, called), facts: { alias: called } };
  },
});

/** Deletes a profile and its credentials. */
export const logoutProfile = step({
  id: 'logoutProfile',
  title: 'the profiles',
  inputs: { alias },
  async plan({ alias: called }, planner) {
    const { withoutProfile } = await import('./profile-changes.ts');
    const { readProfiles, requireProfile } = await import('./profiles.ts');
    const { current } = await readProfiles(process.env);
    const change = await profileChange(`Delete the profile "${called}"`, planner, (profiles) => {
      requireProfile(profiles, called);
      return withoutProfile(profiles, called);
    });
    return {
      changes: [change],
      notes: current === called ? ['No profile is selected now'] : [],
      facts: { alias: called },
    };
  },
});

/** Plans a change of the profiles: of those in the file when the plan is applied, which may have changed by then. */
async function profileChange(title: string, planner: Planner, change: ProfileChange): Promise<ActionChange> {
  const { changeProfiles } = await import('./profile-changes.ts');
  const { readProfiles } = await import('./profiles.ts');
  const profiles = await readProfiles(process.env);
  const { mode = 0o600 } = (await stat(profiles.file).catch(() => undefined)) ?? {};
  const isPrivate = !hasModes() || (mode & 0o077) === 0;
  const isDone = isPrivate && isDeepStrictEqual(change(profiles), profiles.document);
  return planner.action({
    title: `${title} in ${profiles.file}`,
    status: isDone ? 'unchanged' : 'change',
    run: (signal) => changeProfiles(process.env, change, signal),
  });
}
