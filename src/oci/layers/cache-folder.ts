import { utimes } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../../core/sha256.ts';
import { readFileIfThere } from '../../files/read.ts';
import { writeFileWhole } from '../../files/write.ts';

/** Bytes that all files together may have; the ones not used for longest go first. */
const LARGEST = 64 * 1024 * 1024;
/** Bytes of one of them: what is larger is worked out again. */
const LARGEST_FILE = 8 * 1024 * 1024;

/**
 * Files that can be made again, in a folder of the user's. Safe for any number of programs at once: files are put in place
 * whole, and the same name always means the same content. A file that is not what was written is none; a folder that
 * cannot be written to is no cache, and no error.
 */
export class CacheFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What was kept under a name, if it is there and unharmed. */
  async read(name: string): Promise<Buffer | undefined> {
    const file = path.join(this.#folder, name);
    const bytes = await readFileIfThere(file).catch(() => undefined);
    const content = bytes?.subarray(bytes.indexOf(0x0a) + 1);
    // A full disk or a stray hand may have been at it.
    if (!bytes || !content || bytes.toString('latin1', 0, bytes.length - content.length) !== firstLine(content)) return;
    const now = new Date();
    // Nobody has to wait for that: if it is gone meanwhile, it is made again.
    utimes(file, now, now, () => {});
    return content;
  }

  async write(name: string, content: Buffer | string): Promise<void> {
    const bytes = Buffer.from(content);
    if (bytes.length > LARGEST_FILE) return;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const whole = Buffer.concat([Buffer.from(firstLine(bytes)), bytes]);
      await writeFileWhole(path.join(this.#folder, name), whole, { mode: 0o600, mayReplace: true });
      await this.#makeRoom();
    } catch {
      // The work is done all the same.
    }
  }

  async #makeRoom(): Promise<void> {
    const files = await Promise.all(
      (await readdir(this.#folder)).map(async (name) => {
        const file = path.join(this.#folder, name);
        const stats = await stat(file).catch(() => undefined);
        return { file, size: stats?.size ?? 0, usedAt: stats?.mtimeMs ?? 0 };
      }),
    );
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { file, size } of files.sort((one, other) => one.usedAt - other.usedAt)) {
      if (total <= LARGEST) return;
      await rm(file, { force: true });
      total -= size;
    }
  }
}

function firstLine(content: Uint8Array): string {
  return `${sha256(content)}\n`;
}
