import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { readJson } from '../../core/json.ts';
import { openToRead } from '../../files/read.ts';

/**
 * What a program called `spacectl` is: a copy of this program, a binary of Spacelift's CLI, or something else. That may be
 * a script that leads to either of them.
 */
export type SpacectlKind = 'ours' | 'spacelift' | 'other';

/** Finds out what a program is, without running it. @param realPath its path, with all links resolved */
export async function identifySpacectl(realPath: string): Promise<SpacectlKind> {
  if (await isOurProgram(realPath)) return 'ours';
  return (await isSpaceliftBinary(realPath)) ? 'spacelift' : 'other';
}

const packageSchema = v.looseObject({
  name: v.optional(v.unknown()),
  oclif: v.optional(v.looseObject({ bin: v.optional(v.unknown()) })),
});

/** Reports whether a file is this program: it is in dist/ below our package.json. */
export async function isOurProgram(realPath: string): Promise<boolean> {
  const folder = path.dirname(realPath);
  if (path.basename(folder) !== 'dist') return false;
  try {
    const file = path.join(path.dirname(folder), 'package.json');
    const { name, oclif } = readJson(packageSchema, await readFile(file, 'utf8'));
    return name === 'spacectl' && oclif?.bin === 'spacectl';
  } catch {
    return false;
  }
}

/** First bytes of binaries: ELF, Mach-O (64 bits, universal) and PE. */
const BINARIES: readonly string[] = ['7f454c46', 'cffaedfe', 'cafebabe', '4d5a'];

/**
 * What Go's linker writes into each binary of the main package of spacelift-io/spacectl, also if it is stripped
 * (Go's debug/buildinfo and runtime/debug: `path`, a tab, the package path, a newline).
 */
const BUILD_INFORMATION = Buffer.from('path\tgithub.com/spacelift-io/spacectl\n');

const CHUNK_BYTES = 4 * 1024 * 1024;

/** Reports whether a file is a binary of Spacelift's CLI. @throws Node's error if it cannot be read */
async function isSpaceliftBinary(file: string): Promise<boolean> {
  const handle = await openToRead(file);
  try {
    const overlap = BUILD_INFORMATION.length - 1;
    const buffer = Buffer.alloc(CHUNK_BYTES + overlap);
    for (let position = 0; ; ) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      const chunk = buffer.subarray(0, bytesRead);
      if (position === 0 && !BINARIES.some((magic) => chunk.toString('hex', 0, 4).startsWith(magic))) return false;
      if (chunk.includes(BUILD_INFORMATION)) return true;
      // The text may lie across the end of a chunk.
      if (bytesRead <= overlap) return false;
      position += bytesRead - overlap;
    }
  } finally {
    await handle.close();
  }
}
