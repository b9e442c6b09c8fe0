import { UserError } from '../../src/core/errors.ts';
import type { Foreign } from './names.ts';

/** The paths of programs that were handed a command before, so that none that leads back to us is asked twice. */
const TRAIL = 'SPACECTL_HANDED_OVER';

/**
 * Hands a command that we do not have to Spacelift's CLI of the same name, unchanged: arguments, terminal, exit code.
 * @returns its exit code
 * @throws UserError if it looks like a mistyped command of ours, or if Spacelift's CLI is not installed
 */
export async function handOverForeign({ topic, word, siblings }: Foreign, argv: readonly string[]): Promise<number> {
  const { VENDOR_COMMANDS, VENDOR_INSTALL, findVendorCli } = await import('../../src/spacelift/index.ts');
  const isVendors = topic.length === 0 && VENDOR_COMMANDS.includes(word);
  const called = ['spacectl', ...topic, word].join(' ');
  const { findNearest } = await import('../../src/core/nearest.ts');
  const close = isVendors ? undefined : findNearest(word, siblings);
  if (close) {
    const meant = ['spacectl', ...topic, close].join(' ');
    throw new UserError('SPACECTL_BAD_INPUT', `"${called}" is not a command; did you mean "${meant}"?`, {
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
  const message = `"${called}" is not a command of this program, and Spacelift's own CLI, also called spacectl, is not on the PATH`;
  throw new UserError('SPACECTL_BAD_INPUT', message, { suggestions: ['spacectl --help', ...VENDOR_INSTALL] });
}
