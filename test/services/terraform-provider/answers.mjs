// What the stand-in provider answers to Terraform: it keeps what it is given and fills in what a cloud would make up.
import { appendFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { delayOf, refusalOf } from './ecs-rules.mjs';
import { pack, UNKNOWN, unpack } from './message-pack.mjs';
import { bytes, fields, number } from './protobuf.mjs';
import { replacing } from './replacement.mjs';
import { schema, schemas } from './schema.mjs';
import { idOf, known, nameFrom } from './values.mjs';

const isMissing = (value) => value === null || value === undefined;
const nothing = () => Buffer.alloc(0);

/** Reads a `DynamicValue`: MessagePack in field 1, or JSON in field 2. */
function read(message) {
  const { 1: packed, 2: json } = fields(message);
  if (packed) return unpack(packed);
  return json ? JSON.parse(json) : null;
}

const write = (value) => bytes(1, pack(value));

/** Gives each attribute of a value and of its blocks the value that `change` returns. */
function mapAttributes(described, value, change) {
  if (isMissing(value)) return value;
  for (const [name, [kind, mode, writeOnly]] of Object.entries(described.attributes)) {
    value[name] = change(value[name], { name, kind, mode, writeOnly, given: value });
  }
  for (const [name, inner] of Object.entries(described.blocks ?? {})) {
    if (Array.isArray(value[name])) for (const each of value[name]) mapAttributes(inner, each, change);
  }
  return value;
}

function fill(described, value, type) {
  return mapAttributes(described, value, (old, { name, kind, given }) =>
    isMissing(old) ? known(type, name, kind, given) : old,
  );
}

/** A name comes first, and the identifier last: ARNs are made of names, and some identifiers are ARNs. */
function settle(described, planned, type) {
  if (isMissing(planned)) return planned;
  if (planned.name === UNKNOWN && planned.name_prefix) planned.name = nameFrom(planned.name_prefix);
  const isNew = planned.id === UNKNOWN;
  if (isNew) planned.id = null;
  mapAttributes(described, planned, (old, { name, kind, given }) =>
    old === UNKNOWN ? known(type, name, kind, given) : old,
  );
  return isNew ? { ...planned, id: idOf(type, planned) } : planned;
}

const failure = (field, summary, detail) =>
  bytes(field, Buffer.concat([number(1, 1), bytes(2, summary), bytes(3, detail)]));

/** Write-only arguments are in the configuration alone: neither the plan nor the state has them. */
function log(described, type, prior, next, config) {
  if (!process.env.PROVIDER_LOG) return;
  const action = prior === null ? 'create' : next === null ? 'delete' : 'update';
  const secret = Object.entries(described.attributes).filter(
    ([name, [, , isWriteOnly]]) => isWriteOnly && config?.[name],
  );
  const writeOnly = Object.fromEntries(secret.map(([name]) => [name, config[name]]));
  const line = { action, type, id: (next ?? prior).id, ...(next && { values: next, writeOnly }) };
  appendFileSync(process.env.PROVIDER_LOG, `${JSON.stringify(line)}\n`);
}

/** Returns the answers of a provider with these schemas, by the name of the call (tfplugin5.proto). */
export function answersOf(provider) {
  return {
    GetSchema: () =>
      Buffer.concat([
        bytes(1, schema(provider.provider)),
        ...schemas(2, provider.resources),
        ...schemas(3, provider.data),
        ...schemas(8, provider.ephemeral),
      ]),
    // The configuration, as it came: field 1 of both messages.
    PrepareProviderConfig: (request) => request,
    ValidateResourceTypeConfig: nothing,
    ValidateDataSourceConfig: nothing,
    ValidateEphemeralResourceConfig: nothing,
    Configure: nothing,
    Stop: nothing,

    /** Of a new resource, what is not given is known after apply; an old one keeps its computed values. */
    PlanResourceChange(request) {
      const { 1: type, 2: before, 3: proposed } = fields(request);
      const prior = read(before);
      const isNew = prior === null;
      const described = provider.resources[String(type)];
      const planned = mapAttributes(described, read(proposed), (old, { name, mode, writeOnly }) => {
        if (writeOnly) return null;
        return isNew && isMissing(old) && (mode === 'computed' || name === 'id') ? UNKNOWN : old;
      });
      if (planned?.name === null && planned.name_prefix) planned.name = UNKNOWN;
      return Buffer.concat([bytes(1, write(planned)), ...replacing(2, String(type), prior, planned)]);
    },
    async ApplyResourceChange(request) {
      const { 1: name, 2: before, 3: planned, 4: config } = fields(request);
      const [type, prior] = [String(name), read(before)];
      if (type === process.env.PROVIDER_FAIL) {
        return Buffer.concat([bytes(1, before), failure(3, `${type} was refused`, 'AccessDenied: a stand-in says so')]);
      }
      await setTimeout(delayOf(type, prior));
      const described = provider.resources[type];
      const next = settle(described, read(planned), type);
      const refusal = refusalOf(type, prior, next);
      if (refusal) return Buffer.concat([bytes(1, before), failure(3, `${type} was refused`, refusal)]);
      log(described, type, prior, next, config && read(config));
      return bytes(1, write(next));
    },
    ReadResource(request) {
      const { 1: type, 2: current } = fields(request);
      return bytes(1, String(type) === process.env.PROVIDER_GONE ? write(null) : current);
    },
    /** The state's JSON as it was stored: field 1 of `RawState`, field 2 of `DynamicValue`. */
    UpgradeResourceState: (request) => bytes(1, bytes(2, fields(fields(request)[3])[1])),
    ImportResourceState(request) {
      const { 1: type, 2: id } = fields(request);
      const { attributes, blocks = {} } = provider.resources[String(type)];
      const state = Object.fromEntries([
        ...Object.keys(attributes).map((name) => [name, null]),
        ...Object.keys(blocks).map((name) => [name, []]),
      ]);
      return bytes(1, Buffer.concat([bytes(1, type), bytes(2, write({ ...state, id: String(id) }))]));
    },
    ReadDataSource(request) {
      const { 1: type, 2: config } = fields(request);
      return bytes(1, write(fill(provider.data[String(type)], read(config), String(type))));
    },
    OpenEphemeralResource(request) {
      const { 1: type, 2: config } = fields(request);
      return bytes(3, write(fill(provider.ephemeral[String(type)], read(config), String(type))));
    },
    CloseEphemeralResource: nothing,
  };
}
