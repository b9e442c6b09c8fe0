import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from '@oclif/core/command';
import { Plugin } from '@oclif/core/config';
import { loadCommand } from './index.ts';

/** What the manifest leaves out, by the name of the command: see build/commands.mjs. */
type Details = Readonly<Record<string, Readonly<Partial<Command.Loadable>>>>;

/**
 * oclif's view of this program. Its own explicit discovery loads every command to run one, and its manifest holds all
 * that help has to say; this one loads one command, and the details of help when somebody asks for them.
 */
export class CommandMap extends Plugin {
  override async load(): Promise<void> {
    await super.load();
    let read: Details | undefined;
    const details = () => {
      read ??= JSON.parse(readFileSync(path.join(this.root, 'dist/commands.json'), 'utf8')) as Details;
      return read;
    };
    // By the name as it is now: help writes it with spaces.
    for (const { id, command } of this.commands.map((command) => ({ id: command.id, command }))) {
      for (const key of ['description', 'examples', 'flags'] as const) {
        Object.defineProperty(command, key, { get: () => details()[id]?.[key], enumerable: true });
      }
    }
  }

  override async findCommand(id: string, options: { must: true }): Promise<Command.Class>;
  override async findCommand(id: string, options?: { must: boolean }): Promise<Command.Class | undefined>;
  override async findCommand(id: string, options = { must: false }): Promise<Command.Class | undefined> {
    const command = await loadCommand(id);
    if (!command && options.must) throw new Error(`the manifest has a command "${id}" that is not there`);
    return command && Object.assign(command, { id, plugin: this });
  }
}
