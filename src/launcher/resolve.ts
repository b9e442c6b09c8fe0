import { UserError } from '../core/errors.ts';
import { readFileIfThere } from '../files/read.ts';
import { createHttpClient, type HttpClient } from '../http/index.ts';
import { readToken } from '../pki/index.ts';
import { tokenFileIn } from '../pool-folder/index.ts';
import type { Values } from '../step/input.ts';
import type { releaseInputs, sourceInputs } from './inputs.ts';
import { type Architecture, domainOf, downloadBase, environmentOf, type Release } from './release.ts';
import type { KeyRequest } from './signing-key.ts';
import { folderSource, type Source, webSource } from './source.ts';

type ReleaseValues = Omit<Values<typeof releaseInputs>, 'arch'>;

/** The launcher the answers mean: the environment is the one given, or the token's, or the standard one. */
export async function releaseOf(values: ReleaseValues, arch: Architecture): Promise<Release> {
  const environment = values.environment ?? (await tokensEnvironment(values));
  return { arch, environment, domain: values.domain ?? domainOf(environment) };
}

async function tokensEnvironment({ dir, token }: ReleaseValues): Promise<Release['environment']> {
  const bytes = token === undefined ? await readFileIfThere(tokenFileIn(dir)) : Buffer.from(token);
  return bytes ? environmentOf(readToken(bytes)) : 'standard';
}

export type SourceValues = Values<typeof sourceInputs>;

/** Connections that trust what the answers say. Idle ones do not keep the process from ending. */
export function clientFor(values: SourceValues): HttpClient {
  return createHttpClient({
    certificateAuthority: values['download-ca'],
    authorityAdvice: "Give the authority's certificate: --download-ca FILE",
  });
}

/** Where the answers say the files come from. */
export function sourceOf(release: Release, values: SourceValues, client: HttpClient, signal: AbortSignal): Source {
  if (values['offline-dir'] !== undefined) return folderSource(values['offline-dir']);
  return webSource(downloadBase(release, values['launcher-mirror']), client, signal);
}

/**
 * How the answers say the signing key is found.
 * @throws UserError `SPACECTL_MISSING_INPUT` for a key from the network where there is none to be used
 */
export function keyRequestOf(values: SourceValues): KeyRequest {
  const { fingerprint, 'offline-dir': folder, 'signing-key': file, 'key-server': server } = values;
  if (folder !== undefined && file === undefined) {
    throw new UserError('SPACECTL_MISSING_INPUT', 'Missing --signing-key: --offline-dir asks no key server', {
      suggestions: [`Fetch it where there is a network: ${server}/vks/v1/by-fingerprint/${fingerprint}`],
    });
  }
  return { fingerprint, file, server: server.replace(/\/+$/, '') };
}
