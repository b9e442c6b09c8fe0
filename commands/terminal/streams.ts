import { UserError } from '../../src/core/errors.ts';
import { reportFailure } from './failure.ts';

/**
 * What becomes of output that nobody takes. Whoever reads results may stop reading (`spacectl … | head`): that is no
 * failure, but losing them on a full disk is one. What is said to people on the way must not stop the work.
 */
export function heedOutput(): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EPIPE') process.exit();
    const message = `Cannot write to standard output: ${cause.code === 'ENOSPC' ? 'the disk is full' : cause.message}`;
    process.exit(reportFailure(new UserError('SPACECTL_CANNOT_WRITE', message, { cause }), false));
  });
}
