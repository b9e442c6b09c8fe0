import { isRepeated } from '../../step/given.ts';
import type { Input } from '../../step/input.ts';
import type { Places } from './places.ts';

/** A JSON Schema (draft-07, which YAML's language server reads). */
export type Schema = Readonly<Record<string, unknown>>;

/** What each section is called and about, but for those of targets. */
export const SECTIONS: Readonly<Record<string, { readonly title: string; readonly about: string }>> = {
  key: { title: 'Key pair', about: 'The private key and its certificate signing request' },
  pool: { title: 'Worker pool', about: 'The worker pool in Spacelift' },
  account: { title: 'Account', about: 'How spacectl logs in to Spacelift' },
  bundle: { title: 'CA bundle', about: 'The CA bundle for runner containers' },
  hosts: { title: 'Hosts', about: 'What every host gets' },
  deploy: { title: 'Deployment', about: 'Where spacectl deploy puts what is rendered' },
  launcher: { title: 'Launcher', about: 'Where spacectl downloads the launcher from' },
};

/** YAML reads 2048 as a number; spacectl reads the text. */
const TEXT = { type: ['string', 'number', 'boolean'] };

/** Creates the schema of `spacectl.yaml` from the inputs of all commands. */
export function poolFileSchema(places: Places): Schema {
  const sections: Record<string, Record<string, Schema>> = {};
  for (const [place, { input }] of places) {
    const [section = '', key = ''] = place.split('.');
    sections[section] = { ...sections[section], [key]: schemaOf(input) };
  }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'spacectl.yaml',
    description: 'What spacectl sets up: a worker pool of Spacelift and its hosts. Paths are relative to this file.',
    ...object(
      Object.fromEntries(
        Object.entries(sections).map(([name, keys]) => [
          name,
          { description: SECTIONS[name]?.about ?? `Settings of ${name} only`, ...object(keys) },
        ]),
      ),
    ),
  };
}

/** A mapping of known keys, or nothing. A key that starts with `x-` is the user's own. */
function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: ['object', 'null'], properties, patternProperties: { '^x-': {} }, additionalProperties: false };
}

function schemaOf(input: Input): Schema {
  const { summary, description, default: fallback } = input;
  const words = { description: description ? `${summary}. ${description}` : summary };
  const one = textOf(input);
  if (isRepeated(input)) return { ...words, anyOf: [{ type: 'array', items: one }, one] };
  const isSimple = Array.isArray(fallback) && fallback.length === 1;
  return {
    ...words,
    ...one,
    ...(isSimple && { default: input.kind === 'boolean' ? fallback[0] === 'true' : fallback[0] }),
  };
}

function textOf({ kind, choices, synonyms = {} }: Input): Schema {
  if (kind === 'boolean') return { enum: [true, false, 'yes', 'no', 1, 0] };
  return choices ? { enum: [...choices.map(({ value }) => value), ...Object.keys(synonyms)] } : TEXT;
}
