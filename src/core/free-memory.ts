import type { MessagePort } from 'node:worker_threads';

let closedPort: MessagePort | undefined;

/** Creates a port without a receiver. It is created on first use: a small response is not worth loading threads for. */
function createClosedPort(): MessagePort {
  const { MessageChannel } = process.getBuiltinModule('node:worker_threads');
  const { port1 } = new MessageChannel();
  port1.close();
  return port1;
}

/**
 * Frees a buffer at once by transferring it to a closed port. The garbage collector would let tens of megabytes
 * accumulate first. The buffer and all views of it are empty afterwards.
 */
export function freeMemory(buffer: ArrayBuffer): void {
  closedPort ??= createClosedPort();
  closedPort.postMessage(undefined, [buffer]);
}

/** Returns the buffer of a chunk if nothing else uses it. Only such a buffer may be freed or transferred. */
export function exclusiveBuffer({ buffer, byteLength }: Uint8Array): ArrayBuffer | undefined {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? buffer : undefined;
}
