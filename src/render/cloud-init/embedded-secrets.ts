import { derive } from '../../step/content.ts';
import { parseEnvironmentFile } from '../format/environment-reader.ts';
import type { HostFile } from '../host/host-file.ts';

/** The files in which a document holds the secrets. The first boot encodes them and writes `secrets.env`. */
const FILES = [
  ['token.json', 'SPACELIFT_TOKEN'],
  ['spacelift.key', 'SPACELIFT_POOL_PRIVATE_KEY'],
] as const;

/** Returns the secrets as a document holds them: decoded, which saves a kilobyte, because base64 of base64 hardly compresses. */
export function embeddedSecrets({ content, ...secrets }: HostFile): Promise<readonly HostFile[]> {
  return Promise.all(
    FILES.map(async ([name, variable]) => ({
      ...secrets,
      name,
      content: await derive([content], (bytes) =>
        Buffer.from(parseEnvironmentFile(Buffer.from(bytes).toString('utf8')).variables[variable] ?? '', 'base64'),
      ),
    })),
  );
}
