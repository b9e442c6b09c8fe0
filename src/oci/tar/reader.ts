import { badImage } from '../bad-image.ts';
import { addExtensionHeader, applyExtension, type Extension } from './extension.ts';
import { BLOCK, isZeroBlock, readHeader, type TarHeader } from './header.ts';

/** The type of an entry. `other`: devices, pipes, sparse files, and whatever else has no plain content. */
export type TarKind = 'file' | 'directory' | 'symbolic link' | 'hard link' | 'other';

/** An entry of an archive. */
export interface TarEntry {
  readonly kind: TarKind;
  /** As in the archive: not cleaned, and one character per byte. */
  readonly name: string;
  readonly linkName: string;
  /** Of the content, in bytes. */
  readonly size: number;
  /** Where the content begins in the archive. */
  readonly offset: number;
}

/** Takes the content of an entry in chunks, which are valid only during the call. */
export type TakeContent = (chunk: Buffer) => void;

const MAX_EXTENSION_BYTES = 1024 * 1024;
const KINDS: ReadonlyMap<string, TarKind> = new Map([
  ['0', 'file'],
  ['7', 'file'],
  ['1', 'hard link'],
  ['2', 'symbolic link'],
  ['5', 'directory'],
]);

/**
 * Reads a tar archive that is written to it in chunks, and buffers no more than a header. It returns the same entries as
 * Go's archive/tar: data after the two zero blocks at the end is ignored; links, directories and devices have no content
 * whatever their size field says.
 */
export class TarReader {
  /** Whether the two zero blocks at the end were read. */
  #isEnded = false;
  #zeroBlocks = 0;
  /** A header that is not complete yet, and how many bytes of it are. */
  readonly #block = Buffer.alloc(BLOCK);
  #filled = 0;
  /** Bytes of the archive read so far. */
  #offset = 0;
  /** Bytes of content still to come, and of padding after it. */
  #content = 0;
  #padding = 0;
  #take: TakeContent | undefined;
  #pending: { flag: string; chunks: Buffer[] } | undefined;
  #sparse: TarHeader | undefined;
  #extension: Extension | undefined;
  readonly #onEntry: (entry: TarEntry) => TakeContent | undefined;

  /** @param onEntry is called for each entry in order; returns where its content goes, if it is wanted */
  constructor(onEntry: (entry: TarEntry) => TakeContent | undefined) {
    this.#onEntry = onEntry;
  }

  /** @throws UserError `SPACECTL_BAD_IMAGE`, and what `onEntry` throws */
  write(chunk: Buffer): void {
    let offset = 0;
    while (offset < chunk.length && !this.#isEnded) {
      if (this.#content > 0) {
        const end = Math.min(chunk.length, offset + this.#content);
        this.#take?.(chunk.subarray(offset, end));
        this.#content -= end - offset;
        this.#offset += end - offset;
        offset = end;
        if (this.#content === 0) this.#finishContent();
      } else if (this.#padding > 0) {
        const skipped = Math.min(chunk.length - offset, this.#padding);
        this.#padding -= skipped;
        this.#offset += skipped;
        offset += skipped;
      } else if (this.#filled === 0 && chunk.length - offset >= BLOCK) {
        this.#offset += BLOCK;
        offset += BLOCK;
        this.#readBlock(chunk.subarray(offset - BLOCK, offset));
      } else {
        const copied = chunk.copy(this.#block, this.#filled, offset, offset + BLOCK - this.#filled);
        this.#filled = (this.#filled + copied) % BLOCK;
        this.#offset += copied;
        offset += copied;
        if (this.#filled === 0) this.#readBlock(this.#block);
      }
    }
  }

  /** How many of the next bytes are not needed: a caller that can seek may pass over them and call `skip`. */
  get skippable(): number {
    return this.#take || this.#pending ? 0 : this.#content;
  }

  /** Counts bytes as read that the caller passed over. */
  skip(bytes: number): void {
    this.#content -= bytes;
    this.#offset += bytes;
    if (this.#content === 0) this.#finishContent();
  }

  /** Ends the archive. @throws UserError `SPACECTL_BAD_IMAGE` if it is incomplete */
  end(): void {
    const isCut = this.#filled > 0 || this.#content > 0 || this.#sparse;
    if (!this.#isEnded && isCut) throw badImage('A layer ends in the middle of a file; it may be cut off');
  }

  #readBlock(block: Buffer): void {
    if (this.#sparse) {
      this.#readSparseMap(this.#sparse, block);
      return;
    }
    if (isZeroBlock(block)) {
      this.#zeroBlocks++;
      this.#isEnded = this.#zeroBlocks === 2;
      return;
    }
    if (this.#zeroBlocks > 0) throw badImage('A layer is damaged: it has a single zero block between entries');
    const header = readHeader(block);
    if (header.hasSparseExtension) this.#sparse = header;
    else this.#begin(header);
  }

  /** Skips the blocks in which the map of an old GNU sparse file continues; each says whether another one follows. */
  #readSparseMap(header: TarHeader, block: Buffer): void {
    if (block[504] === 1) return;
    this.#sparse = undefined;
    this.#begin(header);
  }

  #begin(header: TarHeader): void {
    if ('xgLK'.includes(header.flag)) {
      if (header.size > MAX_EXTENSION_BYTES)
        throw badImage(`A layer has an extension header of ${header.size} bytes; the limit is ${MAX_EXTENSION_BYTES}`);
      const pending = { flag: header.flag, chunks: [] as Buffer[] };
      this.#pending = pending;
      this.#expect(header.size, (chunk) => pending.chunks.push(Buffer.from(chunk)));
      return;
    }
    const entry = this.#extension ? applyExtension(header, this.#extension) : header;
    this.#extension = undefined;
    const kind = kindOf(entry);
    const size = kind === 'directory' || '12346'.includes(header.flag) ? 0 : entry.size;
    this.#expect(size, this.#onEntry({ kind, name: entry.name, linkName: entry.linkName, size, offset: this.#offset }));
  }

  #expect(size: number, take: TakeContent | undefined): void {
    this.#content = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
    this.#take = take;
    if (size === 0) this.#finishContent();
  }

  #finishContent(): void {
    this.#take = undefined;
    if (!this.#pending) return;
    const { flag, chunks } = this.#pending;
    this.#pending = undefined;
    this.#extension = addExtensionHeader(this.#extension ?? {}, flag, Buffer.concat(chunks));
  }
}

function kindOf({ flag, name, isSparse }: TarHeader): TarKind {
  if (isSparse) return 'other';
  if (flag === '\0') return name.endsWith('/') ? 'directory' : 'file';
  return KINDS.get(flag) ?? 'other';
}
