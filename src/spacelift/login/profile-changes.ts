import { withLock } from '../../files/lock.ts';
import { followLinks } from '../../files/place.ts';
import { writeFileWhole } from '../../files/write.ts';
import type { Credentials } from '../api/credentials.ts';
import {
  findProfile,
  intactCredentials,
  type ProfileDocument,
  type Profiles,
  profileFile,
  readProfiles,
  TYPES,
} from './profiles.ts';

/** Makes the new content of the file from the present one. */
export type ProfileChange = (profiles: Profiles) => ProfileDocument;

/**
 * Changes the profiles that are in the file at this moment. A lock keeps other processes of this program from doing so at
 * the same time; Spacelift's CLI has no lock. If `config.json` is a link, the file that it leads to is changed.
 * @throws UserError what `change` throws; as `readProfiles`, `withLock` and `writeFileWhole`
 */
export async function changeProfiles(
  environment: Readonly<Record<string, string | undefined>>,
  change: ProfileChange,
  signal: AbortSignal,
): Promise<void> {
  const file = await followLinks(profileFile(environment));
  const work = async () => {
    const document = change(await readProfiles(environment));
    // The modes are those of Spacelift's CLI (client/session/profile_manager.go).
    await writeFileWhole(file, formatProfiles(document), { mode: 0o600, mayReplace: true });
  };
  await withLock(`${file}.lock`, signal, work);
}

/** Formats the profile file as Spacelift's CLI does, with two spaces (client/session/profile_manager.go). */
export function formatProfiles(document: ProfileDocument): Buffer {
  return Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
}

/** Adds or replaces a profile, which becomes the current one. */
export function withProfile({ document }: Profiles, alias: string, credentials: Credentials): ProfileDocument {
  const before = findProfile({ document }, alias);
  const { key_id, key_secret, access_token, ...kept } = (before && intactCredentials(before)) ?? {};
  const secrets =
    credentials.method === 'apikey'
      ? { key_id: credentials.keyId, key_secret: credentials.keySecret }
      : { access_token: credentials.token };
  const stored = { ...kept, type: TYPES[credentials.method], endpoint: credentials.endpoint, ...secrets };
  const profile = { ...before, alias, credentials: stored };
  return { ...document, currentProfileAlias: alias, profiles: { ...document.profiles, [alias]: profile } };
}

/** Makes another profile the current one. */
export function withCurrent({ document }: Profiles, alias: string): ProfileDocument {
  return { ...document, currentProfileAlias: alias };
}

/** Removes a profile. If it was the current one, none is selected. */
export function withoutProfile({ document, current }: Profiles, alias: string): ProfileDocument {
  const { [alias]: _, ...profiles } = document.profiles ?? {};
  return { ...document, ...(current === alias && { currentProfileAlias: '' }), profiles };
}
