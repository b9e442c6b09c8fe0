import { UserError } from '../../src/step/errors.ts';
import { COMMANDS } from '../index.ts';

/** The paths of programs that were handed a command before, so that none that leads back to us is asked twice. */
const TRAIL = 'SPACECTL_HANDED_OVER';

/**
 * Hands a command that we do not have to the vendor's CLI of the same name, unchanged: arguments, terminal, exit code.
 *
 * @returns its exit code; `undefined` where the command is ours
 * @throws UserError where it is nobody's: a mistyped one of ours, or the vendor's CLI is not there
 */
export async function handOverIfForeign(argv: readonly string[]): Promise<number | undefined> {
  const foreign = foreignWord(argv);
  if (!foreign) return undefined;
  const { VENDOR_COMMANDS, VENDOR_INSTALL, findVendorCli } = await import('../../src/spacelift/vendor-cli.ts');
  const { topic, word, siblings } = foreign;
  const isVendors = topic.length === 0 && VENDOR_COMMANDS.includes(word);
  const called = ['spacectl', ...topic, word].join(' ');
  const { nearest } = await import('../../src/step/nearest.ts');
  const close = isVendors ? undefined : nearest(word, siblings);
  if (close) {
    const meant = ['spacectl', ...topic, close].join(' ');
    throw new UserError('SPACECTL_BAD_INPUT', `"${called}" is no command; did you mean "${meant}"?`, {
      suggestions: [meant],
    });
  }
  const trail = (process.env[TRAIL] ?? '').split('\n').filter(Boolean);
  const vendor = await findVendorCli(process.env, trail);
  if (vendor) {
    const { realpath } = await import('node:fs/promises');
    const { handOver } = await import('../../src/programs/index.ts');
    return handOver(vendor, argv, { [TRAIL]: [...trail, await realpath(vendor)].join('\n') });
  }
  if (isVendors) {
    const message = `"${called}" is a command of Spacelift's own CLI, also called spacectl, which is not on the PATH`;
    throw new UserError('SPACECTL_PROGRAM_MISSING', message, { suggestions: VENDOR_INSTALL });
  }
  const message = `"${called}" is no command of this program, and Spacelift's own CLI, also called spacectl, is not on the PATH`;
  throw new UserError('SPACECTL_BAD_INPUT', message, { suggestions: ['spacectl --help', ...VENDOR_INSTALL] });
}

/** The first word that leads to none of our commands, with the topic it is in and what there is instead. */
function foreignWord(argv: readonly string[]) {
  const end = argv.findIndex((argument) => argument.startsWith('-'));
  const words = argv
    .slice(0, end < 0 ? undefined : end)
    .flatMap((argument, index) => (index === 0 ? argument.split(':') : [argument]));
  const ids = Object.keys(COMMANDS);
  for (const [depth, word] of words.entries()) {
    const id = words.slice(0, depth + 1).join(':');
    if (ids.includes(id)) return undefined;
    if (ids.some((each) => each.startsWith(`${id}:`))) continue;
    const topic = words.slice(0, depth);
    const inTopic = ids.map((each) => each.split(':')).filter((parts) => topic.every((each, at) => parts[at] === each));
    return { topic, word, siblings: [...new Set(inTopic.map((parts) => parts[depth] ?? ''))] };
  }
  return undefined;
}
