// Schemas of a provider, as test/fixtures/terraform-providers.json has them, in the messages of Terraform's protocol.
import { bytes, number } from './protobuf.mjs';

/** Encodes a `Schema` as field 2 of the message around it. */
export function schema(described) {
  return bytes(2, block(described));
}

/** Encodes a map of names to schemas, one entry a message. */
export function schemas(field, described = {}) {
  return Object.entries(described).map(([name, each]) =>
    bytes(field, Buffer.concat([bytes(1, name), bytes(2, schema(each))])),
  );
}

// Whatever is not required may also be computed, so that a provider can fill it in.
function attribute(name, [type, mode, writeOnly]) {
  return Buffer.concat([
    bytes(1, name),
    bytes(2, JSON.stringify(type)),
    number(4, mode === 'required'),
    number(5, mode === 'optional'),
    number(6, mode !== 'required' && !writeOnly),
    ...(writeOnly ? [number(10, true)] : []),
  ]);
}

function block({ attributes, blocks = {} }) {
  const nested = Object.entries(blocks).map(([name, inner]) =>
    Buffer.concat([
      bytes(1, name),
      bytes(2, block(inner)),
      number(3, 2),
      number(4, inner.required),
      ...(inner.many ? [] : [number(5, 1)]),
    ]),
  );
  return Buffer.concat([
    ...Object.entries(attributes).map(([name, each]) => bytes(2, attribute(name, each))),
    ...nested.map((each) => bytes(3, each)),
  ]);
}
