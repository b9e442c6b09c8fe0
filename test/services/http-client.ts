import { onTestFinished } from 'vitest';
import { createHttpClient, type HttpClientOptions, readBody } from '../../src/http/index.ts';

/** A client that does not really wait, and notes how long it would have. */
export function client(options: HttpClientOptions = {}) {
  const waits: number[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  const created = createHttpClient({ environment: {}, wait, ...options });
  onTestFinished(() => created.close());
  return { ...created, waits };
}

export async function textOf(response: Parameters<typeof readBody>[0]): Promise<string> {
  return (await readBody(response, { limit: 1000 })).toString();
}
