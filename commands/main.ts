import { UserError } from '../src/core/errors.ts';
import { listenToTrace } from '../src/core/trace.ts';
import { formatVersion } from './build-info.ts';
import { ensureHome } from './home.ts';
import { COMMAND_IDS, type CommandId, loadCommand } from './oclif/command-map.ts';
import { resolveName } from './oclif/names.ts';
import { chooseColor } from './terminal/color.ts';
import { reportFailure } from './terminal/failure.ts';
import { guardOutput, print, say } from './terminal/output.ts';
import { endOnSignals, stopSignal } from './terminal/signals.ts';
import { handleOutputErrors } from './terminal/streams.ts';
import { isHelpPage } from './topics.ts';

/** Runs one command line, and reports a failure as text or as one JSON document, with its exit code. */
export async function main(given: readonly string[]): Promise<void> {
  if (given[0] === '__complete') return (await import('./completion/answer.ts')).answerShell(given.slice(1));
  const argv = withWordsAsFlags(given);
  const own = ownWords(argv);
  const asJson = own.includes('--json');
  chooseColor(own, process.env);
  if (own.includes('--verbose')) listenToTrace((line) => say(`> ${line}`));
  guardOutput();
  handleOutputErrors();
  // Node ends a process once nothing can happen any more, even if something is still being waited for.
  const onNothingLeft = () => {
    process.exitCode = reportFailure(new Error('the program ended before it was done'), asJson);
  };
  process.once('beforeExit', onNothingLeft);
  try {
    const exitCode = await dispatch(argv, asJson);
    if (exitCode !== undefined) process.exitCode = exitCode;
  } catch (error) {
    // After a signal, the signal handler reports the failure and ends the process.
    if (!stopSignal.aborted) process.exitCode = reportFailure(error, asJson);
  } finally {
    process.off('beforeExit', onNothingLeft);
  }
}

/** Runs a command, prints the version or help, or hands over to Spacelift's CLI. @returns the exit code of that CLI */
async function dispatch(argv: readonly string[], asJson: boolean): Promise<number | undefined> {
  const named = resolveName(argv, COMMAND_IDS);
  const helpId = named.kind !== 'unknown' ? named.id : isHelpPage(argv[0]) ? argv[0] : undefined;
  if (argv[0] === '--version') print(formatVersion(asJson));
  else if (helpId !== undefined && asksForHelp(argv)) await printHelp(helpId, argv.includes('--all'));
  else if (named.kind === 'unknown') return (await import('./oclif/hand-over.ts')).handOverUnknown(named, argv);
  else if (named.kind === 'command') await runCommand(named.id, named.rest, asJson);
  else if (named.rest.length === 0) await printHelp(named.id);
  else throw unknownFlag(named.id, named.rest[0] ?? '');
  return undefined;
}

async function runCommand(id: CommandId, argv: readonly string[], asJson: boolean): Promise<void> {
  endOnSignals(asJson);
  ensureHome();
  const command = await loadCommand(id);
  await command.launch(argv);
}

async function printHelp(id: string, all = false): Promise<void> {
  const [{ formatHelp }, { readManifest }, { readSchema }] = await Promise.all([
    import('./help/help.ts'),
    import('./oclif/manifest-file.ts'),
    import('./oclif/manifest.ts'),
  ]);
  const { stdout } = process;
  const bold = stdout.isTTY ? (await import('./terminal/style.ts')).style.bold : String;
  const page = { width: (stdout.isTTY && stdout.columns) || 80, bold };
  print(formatHelp(id, { manifest: readManifest(), readSchema }, page, all));
}

/** Returns the error for a flag where a command is expected: `spacectl --frob`, `spacectl keypair --frob`. */
function unknownFlag(topic: string, flag: string): UserError {
  const words = ['spacectl', ...topic.split(':')].filter(Boolean).join(' ');
  return new UserError('SPACECTL_BAD_INPUT', `"${words}" has no flag ${flag}`, {
    suggestions: [{ command: `${words} --help` }],
  });
}

/** Turns `help COMMAND`, `version`, `-V` and `-v`, which people also type, into flags. */
function withWordsAsFlags([first, ...rest]: readonly string[]): string[] {
  if (first === 'help')
    return [...rest.filter((each) => !each.startsWith('-')), ...rest.filter((each) => each.startsWith('-')), '--help'];
  if (first !== undefined && ['version', '-V', '-v'].includes(first)) return ['--version', ...rest];
  return first === undefined ? [] : [first, ...rest];
}

function asksForHelp(argv: readonly string[]): boolean {
  return ownWords(argv).some((argument) => argument === '--help' || argument === '-h');
}

/** Returns the words before `--`: those behind it are arguments, whatever they look like. */
function ownWords(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}
