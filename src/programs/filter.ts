import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { exclusiveBuffer, freeMemory } from '../core/free-memory.ts';
import { traceProgram } from '../core/trace.ts';
import { environmentFor } from './environment.ts';
import { endedWithoutCode, missing } from './failure.ts';

/** A program that turns what is written to it into its output. */
export interface Filter {
  /** Resolves once the program takes more. @throws UserError `SPACECTL_PROGRAM_MISSING`, and what `take` throws */
  write(chunk: Buffer): Promise<void>;
  /** Ends the input, waits for the program, and returns its exit code. */
  end(): Promise<number>;
  /** Ends the program; may be called at any time. */
  destroy(): void;
}

/**
 * Starts a program that filters data, without a shell and without our secrets in its environment. Its messages are dropped.
 *
 * @param take receives the output in chunks, which are valid only during the call
 */
export function startFilter(program: string, args: readonly string[], take: (chunk: Buffer) => void): Filter {
  traceProgram(program, args);
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: environmentFor(),
  });
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
    child.kill();
  };
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('error', (error: NodeJS.ErrnoException) =>
    fail(error.code === 'ENOENT' || error.code === 'EACCES' ? missing(program, error) : error),
  );
  // A program that has ended takes no more: its exit code says why.
  child.stdin.on('error', () => {});
  child.stdout.on('data', (chunk: Buffer) => {
    if (failure) return;
    try {
      take(chunk);
      const memory = exclusiveBuffer(chunk);
      if (memory) freeMemory(memory);
    } catch (error) {
      fail(error);
    }
  });
  return {
    async write(chunk) {
      if (!failure && child.exitCode === null && !child.stdin.write(chunk)) {
        await Promise.race([new Promise((resolve) => child.stdin.once('drain', resolve)), closed]);
      }
      if (failure) throw failure.error;
    },
    async end() {
      child.stdin.end();
      await closed;
      if (failure) throw failure.error;
      if (child.exitCode === null) throw endedWithoutCode(program, { signal: child.signalCode ?? undefined });
      return child.exitCode;
    },
    destroy: () => void child.kill(),
  };
}
