import { existsSync } from 'node:fs';
import path from 'node:path';

/** Reports whether a program is in a directory of the `PATH`. */
export function isOnPath(program: string): boolean {
  const name = process.platform === 'win32' ? `${program}.exe` : program;
  return (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, name)));
}
