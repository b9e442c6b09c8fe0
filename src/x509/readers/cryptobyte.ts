import { type Element, oidOf, readElement, TAG } from '../der.ts';
import { largestArcOf } from './oids.ts';
import { hasDerLength, hasZeroPadding, isBitString, isInteger } from './strict-der.ts';

/**
 * Reads values one after the other as golang.org/x/crypto/cryptobyte does: definite, minimal lengths; what it is not asked
 * for, it does not look at.
 */
export class Bytes {
  #rest: Buffer;

  constructor(bytes: Buffer) {
    this.#rest = bytes;
  }

  get isEmpty(): boolean {
    return this.#rest.length === 0;
  }

  /** Reports whether the next value has a tag. */
  isNext(tag: number): boolean {
    return this.#rest[0] === tag;
  }

  /** Reads a value of a tag, or of any. @returns `undefined` if there is none */
  read(tag?: number): Element | undefined {
    if (tag !== undefined && !this.isNext(tag)) return undefined;
    const element = readElement(this.#rest);
    if (!element || !hasDerLength(element)) return undefined;
    this.#rest = this.#rest.subarray(element.bytes.length);
    return element;
  }

  /** Reads a value and looks into it. */
  open(tag: number): Bytes | undefined {
    const element = this.read(tag);
    return element && new Bytes(element.content);
  }

  /** Reports whether the next value is an object identifier of numbers below 2^31, and skips it. */
  skipOid(): boolean {
    const id = oidOf(this.read(TAG.oid));
    return id !== '' && largestArcOf(id) < 2 ** 31;
  }

  /** Reads a BOOLEAN, which must be 0x00 or 0xff. */
  boolean(): boolean | undefined {
    const { content } = this.read(TAG.boolean) ?? { content: Buffer.alloc(0) };
    if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) return undefined;
    return content[0] === 0xff;
  }

  /** Reads the octets of an INTEGER, which must be minimal. */
  integer(tag: number = TAG.integer): Buffer | undefined {
    const element = this.read(tag);
    return element && isInteger(element) ? element.content : undefined;
  }

  /** Reads the octets of a BIT STRING, of which unused bits must be zero. */
  bits(): Buffer | undefined {
    const element = this.read(TAG.bitString);
    return element && isBitString(element) && hasZeroPadding(element) ? element.content.subarray(1) : undefined;
  }
}
