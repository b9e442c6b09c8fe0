import { workerData } from 'node:worker_threads';
import { UserError } from '../../src/core/errors.ts';
import type { Target } from './target.ts';
import { type Order, tryInputs } from './worker.ts';

const JSON_SEED = '{"version":1,"names":["a"],"size":10}';

/** Parsers with a mistake each, of the kinds that are looked for. */
const PLANTED: Readonly<Record<string, Target>> = {
  /** Believes in a type. */
  type: {
    kind: 'json',
    seeds: [JSON_SEED],
    parse(bytes) {
      try {
        return JSON.parse(bytes.toString()).names.map((name: string) => name.toUpperCase());
      } catch (cause) {
        if (cause instanceof SyntaxError) throw new UserError('SPACECTL_BAD_DATA', 'not JSON', { cause });
        throw cause;
      }
    },
  },
  /** The same, in disguise. */
  disguised: {
    kind: 'json',
    seeds: [JSON_SEED],
    parse(bytes) {
      try {
        return JSON.parse(bytes.toString()).names.map((name: string) => name.toUpperCase());
      } catch (cause) {
        throw new UserError('SPACECTL_BAD_DATA', 'not usable', { cause });
      }
    },
  },
  /** Believes in a length. */
  length: {
    kind: 'bytes',
    seeds: [Buffer.from('00000004aabbccdd', 'hex')],
    parse: (bytes) => Buffer.alloc(bytes.length < 4 ? 0 : bytes.readUInt32BE()).length,
  },
  /** Goes around in a circle where the end is missing. */
  hang: {
    kind: 'text',
    seeds: ['one;two;three;'],
    parse(bytes) {
      const text = bytes.toString();
      for (let at = 0; at < text.length; ) at = text.indexOf(';', at) + 1;
    },
  },
  /** Backtracks. */
  expression: { kind: 'text', seeds: ['aaa@b'], parse: (bytes) => /^(\w+\s?)*@b$/.test(bytes.toString()) },
  /** Keeps all that it is given. */
  memory: {
    kind: 'text',
    seeds: ['a,b'],
    parse(bytes) {
      const kept: string[][] = [];
      while (!bytes.includes(',')) kept.push(new Array(1_000_000).fill(bytes.toString()));
    },
  },
  sound: {
    kind: 'json',
    seeds: [JSON_SEED],
    parse(bytes) {
      throw new UserError('SPACECTL_BAD_DATA', `${bytes.length} bytes`);
    },
    isRefused: true,
  },
};

await tryInputs(PLANTED[(workerData as Order).name] as Target);
