import type { KnownKeys } from '../../src/pool-folder/pool-file/index.ts';
import type { FileAnswers } from '../../src/step/given.ts';
import type { Inputs } from '../../src/step/input.ts';
import { say } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';

/** Reads a file of answers, or the `spacectl.yaml` of a folder, and warns of what no command reads. */
export async function readAnswersFile(inputs: Inputs, from: string | { readonly dir: string }): Promise<FileAnswers> {
  const { readPoolAnswers, readPoolFile } = await import('../../src/pool-folder/pool-file/index.ts');
  const reader = { inputs, known: keysOfAllCommands };
  const { answers, warnings } =
    typeof from === 'string' ? await readPoolAnswers(from, reader) : await readPoolFile(from.dir, reader);
  for (const warning of warnings) if (!said.has(warning) && said.add(warning)) say(`Warning: ${printable(warning)}`);
  return answers;
}

/** The warnings about files that this run has printed: a file may be read several times. */
const said = new Set<string>();

/** Lists what any command reads in the file, since one file serves them all, and the secrets that it must not hold. */
async function keysOfAllCommands(): Promise<KnownKeys> {
  const { readManifest } = await import('./manifest-file.ts');
  const commands = Object.values(readManifest().commands);
  return {
    flags: new Map(commands.flatMap(({ places }) => Object.entries(places))),
    secrets: new Set(commands.flatMap(({ secrets }) => secrets)),
  };
}
