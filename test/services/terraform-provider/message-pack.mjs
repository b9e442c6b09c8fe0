// MessagePack, as Terraform writes values (https://github.com/msgpack/msgpack/blob/master/spec.md). Terraform uses an
// extension type for a value that is not known before apply.

/** A value that is not known yet. */
export const UNKNOWN = { unknown: true };

/** Decodes one value. @throws Error for a type that Terraform does not write */
export function unpack(buffer) {
  let at = 0;
  const take = (length) => {
    at += length;
    return buffer.subarray(at - length, at);
  };
  const unsigned = (width) => take(width).readUIntBE(0, width);
  const list = (length) => Array.from({ length }, value);
  const map = (length) => Object.fromEntries(Array.from({ length }, () => [value(), value()]));
  const unknown = (length) => {
    take(length + 1);
    return UNKNOWN;
  };
  const others = {
    192: () => null,
    194: () => false,
    195: () => true,
    202: () => take(4).readFloatBE(),
    203: () => take(8).readDoubleBE(),
    207: () => Number(take(8).readBigUInt64BE()),
    211: () => Number(take(8).readBigInt64BE()),
    220: () => list(unsigned(2)),
    221: () => list(unsigned(4)),
    222: () => map(unsigned(2)),
    223: () => map(unsigned(4)),
  };
  function value() {
    const tag = unsigned(1);
    if (tag < 0x80) return tag;
    if (tag < 0x90) return map(tag & 15);
    if (tag < 0xa0) return list(tag & 15);
    if (tag < 0xc0) return take(tag & 31).toString();
    if (tag >= 0xe0) return tag - 256;
    if (tag >= 0xc4 && tag <= 0xc6) return Buffer.from(take(unsigned(1 << (tag - 0xc4))));
    if (tag >= 0xc7 && tag <= 0xc9) return unknown(unsigned(1 << (tag - 0xc7)));
    if (tag >= 0xcc && tag <= 0xce) return unsigned(1 << (tag - 0xcc));
    if (tag >= 0xd0 && tag <= 0xd2) return take(1 << (tag - 0xd0)).readIntBE(0, 1 << (tag - 0xd0));
    if (tag >= 0xd4 && tag <= 0xd8) return unknown(1 << (tag - 0xd4));
    if (tag >= 0xd9 && tag <= 0xdb) return take(unsigned(1 << (tag - 0xd9))).toString();
    const other = others[tag];
    if (!other) throw new Error(`Terraform sent MessagePack type 0x${tag.toString(16)}, which is not supported`);
    return other();
  }
  return value();
}

/** Encodes one value, in the longest form of its type, which every reader takes. */
export function pack(value) {
  if (value === null || value === undefined) return Buffer.from([0xc0]);
  if (value === UNKNOWN) return Buffer.from([0xd4, 0, 0]);
  if (typeof value === 'boolean') return Buffer.from([value ? 0xc3 : 0xc2]);
  if (typeof value === 'number') {
    const buffer = Buffer.alloc(9, 0xcb);
    buffer.writeDoubleBE(value, 1);
    return buffer;
  }
  if (typeof value === 'string') return Buffer.concat([head(0xdb, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(0xc6, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(0xdd, value.length), ...value.map(pack)]);
  const entries = Object.entries(value);
  return Buffer.concat([head(0xdf, entries.length), ...entries.flatMap(([key, each]) => [pack(key), pack(each)])]);
}

function head(tag, length) {
  const buffer = Buffer.alloc(5);
  buffer[0] = tag;
  buffer.writeUInt32BE(length, 1);
  return buffer;
}
