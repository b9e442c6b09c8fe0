import { badImage } from '../bad-image.ts';
import { applyExtension, type Extension, extend } from './extension.ts';
import { BLOCK, isZeroBlock, readHeader, type TarHeader } from './header.ts';

/** What a member of an archive is. `other`: devices, pipes, sparse files, and what else has no plain content. */
export type TarKind = 'file' | 'directory' | 'symbolic link' | 'hard link' | 'other';

export interface TarEntry {
  readonly kind: TarKind;
  /** As it stands in the archive: not cleaned. */
  readonly name: string;
  readonly linkName: string;
  /** Of the content, in bytes. */
  readonly size: number;
  /** Where in the archive the content begins. */
  readonly offset: number;
}

/** Takes the content of an entry, piece by piece. The pieces are only valid during the call. */
export type TakeContent = (chunk: Buffer) => void;

const LARGEST_EXTENSION = 1024 * 1024;
const KINDS: ReadonlyMap<string, TarKind> = new Map([
  ['0', 'file'],
  ['7', 'file'],
  ['1', 'hard link'],
  ['2', 'symbolic link'],
  ['5', 'directory'],
]);

/**
 * Reads a tar archive that is pushed into it chunk by chunk, and holds no more than a header of it. The same entries as
 * Go's archive/tar gives: what follows the two zero blocks of the end is ignored; links, directories and devices have no
 * content whatever their size field says; global PAX headers change nothing.
 */
export class TarReader {
  /** How the archive ended: with the two zero blocks, after which nothing counts. */
  #isEnded = false;
  #zeroBlocks = 0;
  /** A header of which only the beginning has come, and how much. */
  readonly #block = Buffer.alloc(BLOCK);
  #filled = 0;
  /** Bytes of the archive seen so far. */
  #offset = 0;
  /** Bytes of content, and of padding after it, still to come. */
  #content = 0;
  #padding = 0;
  #take: TakeContent | undefined;
  #pending: { flag: string; chunks: Buffer[] } | undefined;
  #sparse: TarHeader | undefined;
  #extension: Extension | undefined;
  readonly #onEntry: (entry: TarEntry) => TakeContent | undefined;

  /** @param onEntry is told of each entry in order, and says where its content goes, if it is wanted */
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

  /** How many of the bytes to come nobody wants: whoever can seek may leave them out, and say so with `skip`. */
  get unwanted(): number {
    return this.#take || this.#pending ? 0 : this.#content;
  }

  /** Takes some unwanted bytes as read. */
  skip(bytes: number): void {
    this.#content -= bytes;
    this.#offset += bytes;
    if (this.#content === 0) this.#finishContent();
  }

  /** To be called when there is no more. @throws UserError `SPACECTL_BAD_IMAGE` if the archive breaks off */
  end(): void {
    const isCut = this.#filled > 0 || this.#content > 0 || this.#sparse;
    if (!this.#isEnded && isCut) throw badImage('A layer breaks off in the middle of a file');
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
    if (this.#zeroBlocks > 0) throw badImage('A layer is damaged: a single zero block between files');
    const header = readHeader(block);
    if (header.hasSparseExtension) this.#sparse = header;
    else this.#begin(header);
  }

  /** The map of an old GNU sparse file goes on in blocks of its own, the last of which says so. */
  #readSparseMap(header: TarHeader, block: Buffer): void {
    if (block[504] === 1) return;
    this.#sparse = undefined;
    this.#begin(header);
  }

  #begin(header: TarHeader): void {
    if ('xgLK'.includes(header.flag)) {
      if (header.size > LARGEST_EXTENSION) throw badImage('A layer holds a header of an absurd size');
      const pending = { flag: header.flag, chunks: [] as Buffer[] };
      this.#pending = pending;
      this.#expect(header.size, (chunk) => pending.chunks.push(Buffer.from(chunk)));
      return;
    }
    const entry = this.#extension ? applyExtension(header, this.#extension) : header;
    this.#extension = undefined;
    const kind = kindOf(entry);
    const size = '123456'.includes(header.flag) ? 0 : entry.size;
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
    this.#extension ??= {};
    extend(this.#extension, flag, Buffer.concat(chunks));
  }
}

function kindOf({ flag, name, isSparse }: TarHeader): TarKind {
  if (isSparse) return 'other';
  if (flag === '\0') return name.endsWith('/') ? 'directory' : 'file';
  return KINDS.get(flag) ?? 'other';
}
