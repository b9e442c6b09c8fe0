/**
 * Counts the bytes of buffers that are asked for: a length field that is believed shows here, however little of it is used.
 * @returns the count so far
 */
export function countAllocations(): () => number {
  let total = 0;
  for (const name of ['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const) {
    const allocate = Buffer[name] as (size: number, ...rest: unknown[]) => Buffer;
    const counted = (size: number, ...rest: unknown[]) => {
      total += size;
      return allocate(size, ...rest);
    };
    Object.assign(Buffer, { [name]: counted });
  }
  return () => total;
}
