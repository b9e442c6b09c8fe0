import { UserError } from '../../core/errors.ts';
import { inquiry } from '../../step/inquiry.ts';
import { profile } from '../inputs.ts';

/** All profiles, without their secrets. */
export const allProfiles = inquiry({
  inputs: {},
  async run() {
    const { listProfiles, readProfiles } = await import('./profiles.ts');
    return listProfiles(await readProfiles(process.env));
  },
});

/** The current profile, without its secrets. @throws UserError `SPACECTL_NOT_ALLOWED` where there is none */
export const currentProfile = inquiry({
  inputs: {},
  async run() {
    const { listProfiles, readProfiles } = await import('./profiles.ts');
    const profiles = await readProfiles(process.env);
    const current = listProfiles(profiles).find(({ isCurrent }) => isCurrent);
    if (current) return current;
    throw new UserError('SPACECTL_NOT_ALLOWED', `There is no current profile in ${profiles.file}`, {
      suggestions: ['spacectl profile select ALIAS', 'spacectl profile login ALIAS'],
    });
  },
});

/** Who one is at Spacelift with the credentials that are found. */
export const identity = inquiry({
  inputs: { profile },
  async run({ profile: alias }, signal) {
    const { findCredentials } = await import('./credentials.ts');
    const { whoIs } = await import('./who-is.ts');
    return whoIs(await findCredentials(alias, process.env), signal);
  },
});

/** The token that requests would carry: of the profile that is named or current, else of the environment's credentials. */
export const exportedToken = inquiry({
  inputs: { profile },
  async run({ profile: alias }, signal) {
    const { findCredentials } = await import('./credentials.ts');
    const { readProfiles } = await import('./profiles.ts');
    const { whoIs } = await import('./who-is.ts');
    const named = alias ?? (process.env['SPACELIFT_PROFILE'] || (await readProfiles(process.env)).current);
    return whoIs(await findCredentials(named, process.env), signal);
  },
});
