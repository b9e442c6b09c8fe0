// Protocol buffers, as far as Terraform's plugin protocol needs them: strings, bytes and messages, booleans and small
// numbers (https://protobuf.dev/programming-guides/encoding).

const varint = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);

/** Encodes a field that holds a string, bytes or a message. */
export function bytes(field, content) {
  const body = Buffer.from(content);
  return Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(body.length)]), body]);
}

/** Encodes a field that holds a boolean or a small number. */
export function number(field, value) {
  return Buffer.from([...varint(field << 3), ...varint(Number(value))]);
}

/** Decodes a message: its fields by number, as bytes or a number. Of a repeated field the last value remains. */
export function fields(message) {
  const found = {};
  let at = 0;
  const next = () => {
    let [value, factor, byte] = [0, 1, 128];
    for (; byte & 128; factor *= 128) {
      byte = message[at++];
      value += (byte & 127) * factor;
    }
    return value;
  };
  while (at < message.length) {
    const key = next();
    const value = next();
    if ((key & 7) === 2) {
      found[key >>> 3] = message.subarray(at, at + value);
      at += value;
    } else {
      found[key >>> 3] = value;
    }
  }
  return found;
}
