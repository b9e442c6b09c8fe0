import type { Input } from '../input-types.ts';
import { type Common, defaults, type TextDefault } from './common.ts';

type Parse<T, Needs> = (text: string, values: Needs) => T | Promise<T>;

/** `position` counts from 1, for messages about values that must not be shown. */
type ParseItem<T, Needs> = (text: string, values: Needs, position: number) => T | Promise<T>;

/** For a list, what was understood of each value. */
interface Remarking<T> {
  remark?(value: T): string | undefined;
}

/** Describes a required value: given, asked for, or its default. */
export function text<T, Needs = unknown>(
  spec: Common<Needs> & { default?: TextDefault<Needs>; parse: Parse<T, Needs> },
): Input<T, Needs> {
  const { default: fallback, parse, ...rest } = spec;
  return {
    asked: true,
    ...rest,
    ...defaults(fallback),
    kind: 'text',
    optional: false,
    parse: (texts, values) => parse(texts[0] ?? '', values),
  };
}

/** Describes an optional value. */
export function optionalText<T, Needs = unknown>(
  spec: Common<Needs> & Remarking<T> & { parse: Parse<T, Needs> },
): Input<T | undefined, Needs> {
  const { remark, ...rest } = spec;
  return {
    asked: false,
    ...rest,
    kind: 'text',
    optional: true,
    ...(remark && { remark: (value) => (value === undefined ? undefined : remark(value)) }),
    parse: (texts, values) => (texts[0] === undefined ? undefined : spec.parse(texts[0], values)),
  };
}

/**
 * Describes a value that must not be seen: its flag and its key in spacectl.yaml, `--NAME-file`, name a file (`-` for
 * stdin); the value itself comes only from there, from the environment variable `SPACECTL_NAME` or from a masked prompt.
 * `required`: not to be left out.
 */
export function secret<T, Needs = unknown>(
  spec: Common<Needs> & Remarking<T> & { required?: boolean; parse: Parse<T, Needs> },
): Input<T | undefined, Needs> {
  const { required = false, ...rest } = spec;
  return { ...optionalText({ asked: true, ...rest }), kind: 'secret', optional: !required };
}

/** Describes any number of values, each parsed on its own; the flag is given once for each. `required`: at least one. */
export function list<T, Needs = unknown>(
  spec: Common<Needs> & Remarking<T> & { required?: boolean; parse: ParseItem<T, Needs> },
): Input<readonly T[], Needs> {
  const { required = false, remark, parse: parseItem, ...rest } = spec;
  return {
    asked: required,
    ...rest,
    kind: 'list',
    optional: !required,
    ...(!required && { default: [] }),
    ...(remark && { remark: (values) => values.map(remark).join('\n') }),
    parseItem,
    async parse(texts, values) {
      const items: T[] = [];
      for (const [index, item] of texts.entries()) items.push(await parseItem(item, values, index + 1));
      return items;
    },
  };
}
