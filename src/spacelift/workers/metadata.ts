import * as v from 'valibot';
import { readJson } from '../../core/json.ts';
import type { Worker } from '../api/worker-pools.ts';

/** Returns a worker's metadata as the environment variables its launcher was started with. */
export function metadataVariables(worker: Pick<Worker, 'metadata'>): Record<string, string> {
  const named = Object.entries(readMetadata(worker)).filter(([name]) => /^\w+$/.test(name));
  return Object.fromEntries(named.map(([name, value]) => [`SPACELIFT_METADATA_${name}`, value]));
}

/** Reads a worker's metadata. Returns an empty object if it is malformed. */
export function readMetadata({ metadata }: Pick<Worker, 'metadata'>): Readonly<Record<string, string>> {
  try {
    const document = readJson(v.record(v.string(), v.unknown()), metadata);
    return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, String(value)]));
  } catch {
    return {};
  }
}
