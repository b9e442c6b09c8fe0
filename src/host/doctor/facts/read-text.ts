import type { HostReader } from '../reader.ts';

/** Reads a text file. @returns `undefined` if it does not exist or cannot be read */
export async function readText(reader: HostReader, file: string): Promise<string | undefined> {
  return (await reader.read(file).catch(() => undefined))?.toString('utf8');
}
