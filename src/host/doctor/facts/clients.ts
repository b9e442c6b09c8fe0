import type { Client, ClientMap } from '../../../ca-bundle/index.ts';
import { sha256 } from '../../../core/sha256.ts';
import { quoteForShell } from '../../../core/text.ts';
import type { Context } from './context.ts';
import { findRunner } from './runner.ts';

/** A client of the runner image, and whether a container has the bundle where it looks. */
export interface RunnerClient extends Client {
  /** `undefined` if the image has no program to compare files with. */
  readonly hasBundle: boolean | undefined;
}

/** The clients of the runner image. */
export interface RunnerClients {
  /** Why the image was not read. */
  readonly reason: string | undefined;
  readonly clients: readonly RunnerClient[];
  /** Paths over which the bundle would have to be mounted too, and the client for which. */
  readonly neededBy: ClientMap['neededBy'];
}

/** Reads which clients the image on this host has, and compares the files that they read in a container. */
export async function gatherClients(context: Context): Promise<RunnerClients> {
  const runner = await findRunner(context);
  if (typeof runner === 'string') return { reason: runner, clients: [], neededBy: new Map() };
  const { engine, id, mounts, start } = runner;
  const { reader } = context;
  const read = await Promise.all(mounts.map(({ file }) => reader.read(file).catch(() => undefined)));
  const existing = mounts.filter((_, index) => read[index]);
  const bundles = new Set(read.flatMap((bytes) => (bytes ? [sha256(bytes)] : [])));
  const paths = existing.map(({ path }) => path);
  const { clients, neededBy } = await reader.clientsOf({ ...engine, id }, paths);
  const files = [...new Set(clients.flatMap(({ reads }) => reads))];
  // What is a directory has its files compared.
  const words = files.map((file) => `${quoteForShell(file)} ${quoteForShell(file)}/*`);
  const ran = files.length > 0 ? await start(existing, `sha256sum ${words.join(' ')}`) : undefined;
  const seen = [...(ran?.stdout.toString('utf8') ?? '').matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)];
  const own = seen.flatMap(([, digest = '', file = '']) => (bundles.has(digest) ? [file] : []));
  const isAt = (file: string) => own.some((each) => each === file || each.startsWith(`${file}/`));
  return {
    reason: undefined,
    clients: clients.map((each) => ({ ...each, hasBundle: seen.length > 0 ? each.reads.some(isAt) : undefined })),
    neededBy,
  };
}
