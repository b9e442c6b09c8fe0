import type { IncomingMessage } from 'node:http';
import { exclusiveBuffer, freeMemory } from '../core/free-memory.ts';

/**
 * Frees the chunks of a response's connection as soon as they are parsed. Node reads each chunk into a new buffer and
 * passes on a copy of the body, so half of the memory and of the garbage collector's time is wasted otherwise. If Node
 * passes on the buffer itself, nothing is freed.
 */
export function freeOnceParsed(answer: IncomingMessage): void {
  const { socket } = answer;
  let parsing: unknown;
  let isCopied: boolean | undefined;
  const begin = ({ buffer }: Buffer) => {
    parsing = buffer;
  };
  const end = (chunk: Buffer) => {
    parsing = undefined;
    const memory = exclusiveBuffer(chunk);
    if (isCopied && memory) freeMemory(memory);
    // The next chunk belongs to another response, which is not parsed yet.
    if (answer.complete) stop();
  };
  const stop = () => {
    socket.off('data', begin).off('data', end);
  };
  // The body arrives during parsing, or later if the reader was not ready. Only the first case shows if it is a copy.
  answer.on('data', ({ buffer }: Buffer) => {
    if (parsing) isCopied ??= buffer !== parsing;
  });
  socket.prependListener('data', begin).on('data', end);
  answer.once('close', stop);
}
