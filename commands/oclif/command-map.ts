import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from '@oclif/core/command';
import { Plugin } from '@oclif/core/config';
import packageJson from '../../package.json' with { type: 'json' };
import { loadCommand } from '../index.ts';

/** package.json without what would have oclif look for commands by itself. */
const pjson = { ...packageJson, oclif: { ...packageJson.oclif, commands: undefined } } as never;

/** What the manifest leaves out, by the name of the command: see build/commands.mjs. */
type Details = Readonly<Record<string, Readonly<Partial<Command.Loadable>>>>;

/**
 * oclif's view of this program. Its own discovery loads every command to run one, reads all that help has to say, and
 * sorts by the rules of a language, which takes 10 ms to load; this one reads what finding a command takes, loads the one
 * that is run, and reads the details when somebody asks for help.
 */
export class CommandMap extends Plugin {
  /** @param root the folder of package.json, the manifest and dist/ */
  constructor(root: string) {
    super({ root, pjson, isRoot: true, ignoreManifest: true });
  }

  override async load(): Promise<void> {
    await super.load();
    this.manifest = this.#readJson('oclif.manifest.json');
    this.commands = Object.entries(this.manifest.commands).map(([id, command]) => this.#loadable(id, command as never));
    this.commandIDs = this.commands.map(({ id }) => id);
  }

  override async findCommand(id: string, options: { must: true }): Promise<Command.Class>;
  override async findCommand(id: string, options?: { must: boolean }): Promise<Command.Class | undefined>;
  override async findCommand(id: string, options = { must: false }): Promise<Command.Class | undefined> {
    const command = await loadCommand(id);
    if (!command && options.must) throw new Error(`the manifest has a command "${id}" that is not there`);
    return command && Object.assign(command, { id, plugin: this });
  }

  /** A command that can be found, explained and loaded. Help writes its name with spaces: its own is kept apart. */
  #loadable(id: string, found: Omit<Command.Loadable, 'load'>): Command.Loadable {
    const details = () => this.#details()[id];
    return {
      ...found,
      load: () => this.findCommand(id, { must: true }),
      get description() {
        return details()?.description;
      },
      get examples() {
        return details()?.examples;
      },
      get flags() {
        return details()?.flags ?? {};
      },
    } as Command.Loadable;
  }

  #read: Details | undefined;

  #details(): Details {
    this.#read ??= this.#readJson<Details>('dist/commands.json');
    return this.#read;
  }

  /** At once: nothing else could be done meanwhile. */
  #readJson<T>(file: string): T {
    return JSON.parse(readFileSync(path.join(this.root, file), 'utf8')) as T;
  }
}
