import { readPackageFile } from '../../src/core/package-files.ts';
import type { CommandInfo, Manifest } from './manifest.ts';

/**
 * Formats the manifest as lines of JSON: what help of the program needs on the first, then each command on one of its own,
 * so that a reader parses only what it prints. In ASCII, which Node reads fastest.
 */
export function formatManifest({ commands, ...outline }: Manifest): string {
  const lines = [outline, ...Object.values(commands)].map((each) => `${JSON.stringify(each)}\n`);
  return lines.join('').replace(/[\u007f-\uffff]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Parses what `formatManifest` has formatted, each command when it is first used. */
export function parseManifest(text: string): Manifest {
  const [outline = '', ...lines] = text.split('\n');
  const { summaries, sections } = JSON.parse(outline) as Omit<Manifest, 'commands'>;
  const commands: Record<string, CommandInfo> = {};
  for (const [index, id] of Object.keys(summaries).entries()) {
    let command: CommandInfo | undefined;
    const get = (): CommandInfo => {
      command ??= JSON.parse(lines[index] ?? '') as CommandInfo;
      return command;
    };
    Object.defineProperty(commands, id, { get, enumerable: true });
  }
  return { summaries, sections, commands };
}

/** Reads the manifest of the built program. */
export function readManifest(): Manifest {
  return parseManifest(readPackageFile('dist/commands.jsonl'));
}
