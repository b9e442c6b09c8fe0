import { UserError } from '../../core/errors.ts';
import { inquiry } from '../../step/inquiry.ts';
import { profile } from './inputs.ts';

/** Lists all profiles, without their secrets. */
export const allProfiles = inquiry({
  inputs: {},
  async run() {
    const { listProfiles, readProfiles } = await import('./profiles.ts');
    return listProfiles(await readProfiles(process.env));
  },
});

/**
 * Gets the current profile, without its secrets, and warnings about what has priority over it.
 * @throws UserError `SPACECTL_NOT_ALLOWED` if none is selected
 */
export const currentProfile = inquiry({
  inputs: {},
  async run() {
    const { overridingVariables } = await import('./credentials.ts');
    const { listProfiles, readProfiles } = await import('./profiles.ts');
    const profiles = await readProfiles(process.env);
    const current = listProfiles(profiles).find(({ isCurrent }) => isCurrent);
    if (current) return { ...current, warnings: overridingVariables(process.env, current.alias) };
    throw new UserError('SPACECTL_NOT_ALLOWED', `No profile is selected in ${profiles.file}`, {
      suggestions: [{ command: 'spacectl profile select ALIAS' }, { command: 'spacectl profile login ALIAS' }],
    });
  },
});

/** Finds credentials, and asks Spacelift whose they are. */
export const identity = inquiry({
  inputs: { profile },
  async run({ profile: alias }, signal) {
    const { findCredentials } = await import('./credentials.ts');
    const { fetchIdentity } = await import('./identity.ts');
    return fetchIdentity(await findCredentials(alias, process.env), signal);
  },
});

/** Gets an API token: of the named or current profile, else of the environment's credentials. */
export const exportedToken = inquiry({
  inputs: { profile },
  async run({ profile: alias }, signal) {
    const { findCredentials } = await import('./credentials.ts');
    const { readProfiles } = await import('./profiles.ts');
    const { fetchIdentity } = await import('./identity.ts');
    const named = alias ?? (process.env['SPACELIFT_PROFILE'] || (await readProfiles(process.env)).current);
    return fetchIdentity(await findCredentials(named, process.env), signal);
  },
});
