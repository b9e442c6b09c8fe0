import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@oclif/core/interfaces';
import { setLogger } from '@oclif/core/logger';
import { run } from '@oclif/core/run';
import { CommandMap } from './oclif/command-map.ts';
import { handOverIfForeign } from './oclif/hand-over.ts';
import { reportFailure } from './terminal/failure.ts';
import { endOnSignals, stopSignal } from './terminal/signals.ts';
import { heedOutput } from './terminal/streams.ts';

/** The folder that holds package.json, seen from the bundle in dist/. */
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** What oclif has to say of its own work, when nobody asked: its own logger takes 10 ms to load. */
const SILENT: Logger = {
  child: () => SILENT,
  debug() {},
  error() {},
  info() {},
  trace() {},
  warn() {},
  namespace: 'oclif',
};

/** Runs one command line; every failure ends here, as text or as one JSON document, with its exit code. */
export async function main(given: string[]): Promise<void> {
  const argv = withWordsAsFlags(given);
  const asJson = argv.includes('--json');
  heedOutput();
  try {
    const handedOver = await handOverIfForeign(argv);
    if (handedOver !== undefined) {
      process.exitCode = handedOver;
      return;
    }
    endOnSignals(asJson);
    const options = process.env['DEBUG'] ? { root } : { root, logger: SILENT };
    setLogger(options);
    const commands = new CommandMap(root);
    await commands.load();
    await run(argv, { ...options, pjson: commands.pjson, plugins: new Map([[commands.name, commands]]) });
  } catch (error) {
    // Stopped by a signal: whoever ends the process says so, once.
    if (!stopSignal.aborted) process.exitCode = reportFailure(error, asJson);
  }
}

/** `help COMMAND`, `version` and `-v`, which people type before they know; oclif has flags for both. */
function withWordsAsFlags([first, ...rest]: string[]): string[] {
  if (first === 'help') return [...rest, '--help'];
  if (first === 'version' || first === '-v') return ['--version', ...rest];
  return first === undefined ? [] : [first, ...rest];
}
