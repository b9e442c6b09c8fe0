import { UserError } from '../../src/core/errors.ts';
import { reportFailure } from './failure.ts';

/**
 * Handles errors when writing output. A reader may stop reading (`spacectl … | head`), which is not a failure; a full disk
 * is. Messages on stderr must not stop the work.
 */
export function handleOutputErrors(): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EPIPE') process.exit();
    const message = `Cannot write to standard output: ${cause.code === 'ENOSPC' ? 'the disk is full' : cause.message}`;
    process.exit(reportFailure(new UserError('SPACECTL_CANNOT_WRITE', message, { cause }), false));
  });
}
