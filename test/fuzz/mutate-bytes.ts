import type { Random } from './random.ts';

/** Numbers at which lengths and offsets overflow. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

type Change = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const CHANGES: readonly Change[] = [
  flipBit,
  flipBit,
  replaceByte,
  replaceByte,
  replaceNumber,
  replaceNumber,
  cutEnd,
  removePart,
  repeatPart,
  insertPart,
  insertPart,
  joinWith,
];

/** Changes bytes in one to six places: bits, lengths, missing and repeated parts, parts of another seed. */
export function mutateBytes(seed: Buffer, random: Random, other: Buffer): Buffer {
  let bytes: Buffer = Buffer.from(seed);
  for (let left = 1 + random.size(5); left > 0; left--) bytes = random.pick(CHANGES)(bytes, random, other);
  return bytes;
}

function flipBit(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length);
  if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return bytes;
}

function replaceByte(bytes: Buffer, random: Random): Buffer {
  if (bytes.length > 0) bytes[random.below(bytes.length)] = random.isOnceIn(2) ? random.below(256) : random.pick(EDGES);
  return bytes;
}

/** Replaces what may be a length field. */
function replaceNumber(bytes: Buffer, random: Random): Buffer {
  const width = random.pick([2, 3, 4, 6]);
  if (bytes.length < width) return bytes;
  const value = random.pick(EDGES) % 2 ** (8 * width);
  const at = random.below(bytes.length - width + 1);
  if (random.isOnceIn(2)) bytes.writeUIntBE(value, at, width);
  else bytes.writeUIntLE(value, at, width);
  return bytes;
}

function cutEnd(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, random.below(bytes.length + 1));
}

function removePart(bytes: Buffer, random: Random): Buffer {
  const { start, end } = part(bytes, random);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
}

function repeatPart(bytes: Buffer, random: Random): Buffer {
  const { start, end } = part(bytes, random);
  const times = Math.min(1 + random.size(200), Math.ceil(65_536 / (end - start + 1)));
  const repeated = Array.from({ length: times }, () => bytes.subarray(start, end));
  return Buffer.concat([bytes.subarray(0, end), ...repeated, bytes.subarray(end)]);
}

/** Inserts bytes that are the same, random, or a part of another seed. */
function insertPart(bytes: Buffer, random: Random, other: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  const { start, end } = part(other, random);
  const inserted = random.pick([
    () => other.subarray(start, end),
    () => Buffer.alloc(random.size(2048), random.below(256)),
    () => Buffer.from(Array.from({ length: random.size(64) }, () => random.below(256))),
  ])();
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
}

/** Joins the beginning of one seed and the end of another. */
function joinWith(bytes: Buffer, random: Random, other: Buffer): Buffer {
  return Buffer.concat([
    bytes.subarray(0, random.below(bytes.length + 1)),
    other.subarray(random.below(other.length + 1)),
  ]);
}

function part(bytes: Buffer, random: Random): { start: number; end: number } {
  const start = random.below(bytes.length + 1);
  return { start, end: start + random.size(bytes.length - start) };
}
