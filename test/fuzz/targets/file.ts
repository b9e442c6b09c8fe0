import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

let folder: string | undefined;

/** Creates this thread's folder for inputs that are read from files; it goes away with the thread. */
function folderOfThread(): string {
  if (folder === undefined) {
    folder = mkdtempSync(path.join(tmpdir(), 'spacectl-fuzz-'));
    const made = folder;
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  }
  return folder;
}

/** Turns a reader of files into a parser of bytes. @param name the file's path in the folder */
export function reading<T>(name: string, read: (file: string, folder: string) => T): (bytes: Buffer) => T {
  return (bytes) => {
    const file = path.join(folderOfThread(), name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return read(file, folderOfThread());
  };
}
