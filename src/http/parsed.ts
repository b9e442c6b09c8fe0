import type { IncomingMessage } from 'node:http';
import { exclusiveBuffer, freeMemory } from '../core/free-memory.ts';

/**
 * Frees what comes over the connection of an answer as soon as it is parsed. Node reads every piece into new memory and
 * hands on a copy of the body in it: half of what is left to the garbage collector, and of its time, is for nothing. Where
 * Node is seen to hand on the memory itself, nothing is freed.
 */
export function freeOnceParsed(answer: IncomingMessage): void {
  const { socket } = answer;
  let parsing: unknown;
  let isCopied: boolean | undefined;
  const begin = ({ buffer }: Buffer) => {
    parsing = buffer;
  };
  const end = (piece: Buffer) => {
    parsing = undefined;
    const memory = exclusiveBuffer(piece);
    if (isCopied && memory) freeMemory(memory);
    // What comes next is another answer's, and must be parsed first.
    if (answer.complete) stop();
  };
  const stop = () => {
    socket.off('data', begin).off('data', end);
  };
  // Pieces come while they are parsed, or later if nobody could take them then: those tell nothing.
  answer.on('data', ({ buffer }: Buffer) => {
    if (parsing) isCopied ??= buffer !== parsing;
  });
  socket.prependListener('data', begin).on('data', end);
  answer.once('close', stop);
}
