import { UserError } from '../../core/errors.ts';
import { known } from '../../step/content.ts';
import { choice, onlyWhen, secret, text } from '../../step/input.ts';
import type { Planner } from '../../step/plan.ts';
import { step } from '../../step/step.ts';
import { apiEndpoint, apiKeyId, apiKeySecret } from '../inputs.ts';

const alias = text({
  summary: 'Alias of the profile',
  question: 'Name of the profile',
  positional: true,
  parse(given) {
    // The rule of Spacelift's CLI: an alias used to be a file name.
    if (given !== '' && given !== 'current' && !/[/\\]|^\.{1,2}$|\p{Cc}/u.test(given)) return given;
    throw new UserError('SPACECTL_BAD_INPUT', `"${given}" is not a valid profile alias`);
  },
});

type Method = 'api' | 'github' | 'token';

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
    alias,
    method: choice({
      summary: 'How to log in',
      question: 'How do you log in?',
      choices: [
        { value: 'api', name: 'API key', description: 'Create one in Spacelift under Settings > API keys' },
        { value: 'github', name: 'GitHub access token', description: 'For accounts that log in with GitHub' },
        { value: 'token', name: 'API token', description: 'A JSON Web Token, valid for a few hours' },
      ],
      default: 'api',
      askedDespiteDefault: true,
    }),
    // An API token contains the address.
    'api-endpoint': onlyWhen(isMethod('api', 'github'), apiEndpoint),
    'api-key-id': onlyWhen(isMethod('api'), apiKeyId),
    'api-key-secret': onlyWhen(isMethod('api'), apiKeySecret),
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
    const { tokenCredentials } = await import('./credentials.ts');
    const { readProfiles, withProfile } = await import('./profiles.ts');
    const { fetchIdentity } = await import('./identity.ts');
    const { 'api-endpoint': endpoint = '', 'api-key-id': id = '', 'api-key-secret': secretOf = '' } = values;
    const { 'access-token': token = '' } = values;
    const source = 'the new profile';
    const credentials =
      method === 'api'
        ? ({ method: 'apikey', endpoint, keyId: id, keySecret: secretOf, source } as const)
        : method === 'github'
          ? ({ method, endpoint, token, source } as const)
          : tokenCredentials(token, 'The token');
    planner.report(`logging in to ${credentials.endpoint}`);
    const { subject, expiresAt } = await fetchIdentity(credentials, planner.signal);
    const profiles = await readProfiles(process.env);
    return {
      changes: [await configFile(profiles.file, withProfile(profiles, called, credentials), planner)],
      notes: [`Logged in to ${credentials.endpoint}${subject ? ` as ${subject}` : ''}`],
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
    const { readProfiles, requireProfile, withCurrent } = await import('./profiles.ts');
    const profiles = await readProfiles(process.env);
    requireProfile(profiles, called);
    const isCurrent = profiles.current === called;
    const change = await configFile(profiles.file, withCurrent(profiles, called), planner);
    return { changes: [isCurrent ? { ...change, status: 'unchanged' } : change], facts: { alias: called } };
  },
});

/** Deletes a profile and its credentials. */
export const logoutProfile = step({
  id: 'logoutProfile',
  title: 'the profiles',
  inputs: { alias },
  async plan({ alias: called }, planner) {
    const { readProfiles, requireProfile, withoutProfile } = await import('./profiles.ts');
    const profiles = await readProfiles(process.env);
    requireProfile(profiles, called);
    return {
      changes: [await configFile(profiles.file, withoutProfile(profiles, called), planner)],
      notes: profiles.current === called ? ['No profile is selected now'] : [],
      facts: { alias: called },
    };
  },
});

function configFile(path: string, content: Uint8Array, planner: Planner) {
  return planner.file({ path, content: known(content), mode: 0o600, isSecret: true });
}
