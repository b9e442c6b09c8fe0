import path from 'node:path';
import { type Content, known } from '../../step/content.ts';

/** A file that goes to a host. One of them is the installer, which puts the others in place. */
export interface HostFile {
  readonly name: string;
  readonly mode: number;
  readonly isSecret: boolean;
  readonly content: Content;
  /** Its path on the host; the installer itself has none. */
  readonly destination?: string;
  /** `root` if absent. */
  readonly group?: 'spacelift';
}

/** Adds files to the list of a host, by their path on it. */
export type FileAdder = ReturnType<typeof createFileAdder>;

/** Returns functions that add a file to the list, by its path on the host. */
export function createFileAdder(files: HostFile[]) {
  const add = (destination: string, content: Content | string, mode: number, more: Partial<HostFile> = {}) => {
    const bytes = typeof content === 'string' ? known(content) : content;
    files.push({ name: path.posix.basename(destination), destination, content: bytes, mode, isSecret: false, ...more });
  };
  return {
    add,
    program: (name: string, text: Content | string) => add(`/usr/local/sbin/${name}`, text, 0o755),
    unit: (name: string, text: string) => add(`/etc/systemd/system/${name}`, text, 0o644),
  };
}

/** Renders a template of the host with its conditions set. */
export type FillHostTemplate = (name: string, given?: Readonly<Record<string, string>>) => Promise<string>;
