import type { MessagePort } from 'node:worker_threads';

let nowhere: MessagePort | undefined;

/** Nobody hears what is said here. Made when first needed: a small answer is not worth loading threads for. */
function createNowhere(): MessagePort {
  const { MessageChannel } = process.getBuiltinModule('node:worker_threads');
  const { port1 } = new MessageChannel();
  port1.close();
  return port1;
}

/**
 * Frees memory that is used up. What is given away is free at once, while the garbage collector lets tens of megabytes
 * come together. The buffer is empty after that, and whatever is a view of it.
 */
export function freeMemory(buffer: ArrayBuffer): void {
  nowhere ??= createNowhere();
  nowhere.postMessage(undefined, [buffer]);
}

/** The memory of a piece of data, if it has it to itself: only then may it be freed, or given away. */
export function ownMemory({ buffer, byteLength }: Uint8Array): ArrayBuffer | undefined {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? buffer : undefined;
}
