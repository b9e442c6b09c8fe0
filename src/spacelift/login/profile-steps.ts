import { UserError } from '../../core/errors.ts';
import { known } from '../../step/content.ts';
import { choice, onlyWhen, secret, text } from '../../step/input.ts';
import type { Planner } from '../../step/plan.ts';
import { step } from '../../step/step.ts';
import { keyId, keySecret } from '../inputs.ts';

const alias = text({
  summary: 'Alias of the profile',
  question: 'What should the profile be called?',
  positional: true,
  parse(given) {
    // The rule of Spacelift's CLI: an alias used to be a file name.
    if (given !== '' && given !== 'current' && !/[/\\]|^\.{1,2}$|\p{Cc}/u.test(given)) return given;
    throw new UserError('SPACECTL_BAD_INPUT', `"${given}" is not a valid profile alias`);
  },
});

const isMethod = (name: string) => (answers: Readonly<Record<string, unknown>>) => answers['method'] === name;
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
    }),
    endpoint: onlyWhen(
      (answers) => !isMethod('token')(answers),
      text({
        summary: 'Address of the account; an API token contains it',
        variable: 'SPACECTL_API_ENDPOINT',
        question: 'What is the address of your Spacelift account? (https://ACCOUNT.app.spacelift.io)',
        placeholder: 'URL',
        parse: async (url) => (await import('../api/endpoint.ts')).parseEndpoint(url),
      }),
    ),
    'key-id': onlyWhen(isMethod('api'), keyId),
    'key-secret': onlyWhen(isMethod('api'), keySecret),
    'access-token': onlyWhen(
      (answers) => !isMethod('api')(answers),
      secret({
        summary: 'GitHub access token or API token (-: standard input)',
        question: 'The token: paste it, or name its file',
        placeholder: 'FILE',
        required: true,
        parse: trim,
      }),
    ),
  },
  async plan({ alias: called, method, endpoint = '', ...values }, planner) {
    const { tokenCredentials } = await import('./credentials.ts');
    const { readProfiles, withProfile } = await import('./profiles.ts');
    const { fetchIdentity } = await import('./identity.ts');
    const { 'key-id': id = '', 'key-secret': secretOf = '', 'access-token': token = '' } = values;
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
