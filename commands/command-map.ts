import type { Command } from '@oclif/core/command';
import { Plugin } from '@oclif/core/config';
import { loadCommand } from './index.ts';

/** oclif's view of this program. Its own explicit discovery loads every command to run one; this one loads that one. */
export class CommandMap extends Plugin {
  override async findCommand(id: string, options: { must: true }): Promise<Command.Class>;
  override async findCommand(id: string, options?: { must: boolean }): Promise<Command.Class | undefined>;
  override async findCommand(id: string, options = { must: false }): Promise<Command.Class | undefined> {
    const command = await loadCommand(id);
    if (!command && options.must) throw new Error(`the manifest has a command "${id}" that is not there`);
    return command && Object.assign(command, { id, plugin: this });
  }
}
