import * as v from 'valibot';
import { printable } from '../../../commands/terminal/printable.ts';
import { readJson } from '../../../src/core/json.ts';
import { redact } from '../../../src/core/secrets.ts';
import { parseScan } from '../../../src/oci/layers/cache.ts';
import { operationsIn } from '../../../src/oci/layers/operations.ts';
import { readJournal } from '../../../src/pool-folder/journal.ts';
import { readPoolAnswers } from '../../../src/pool-folder/pool-file/index.ts';
import { list, optionalText } from '../../../src/step/input.ts';
import { anyText } from '../../../src/step/parsers.ts';
import type { Target } from '../target.ts';
import { reading } from './file.ts';

const inputs = {
  name: optionalText({ section: 'pool', summary: 'Name', placeholder: 'NAME', parse: anyText }),
  ca: list({ section: 'bundle', summary: 'CA', placeholder: 'FILE', parse: anyText }),
};
const answers = '# mine\npool:\n  name: "worker pool"\nbundle:\n  ca:\n    - one.pem\n    - two.pem # mine\n';
const journal = { endpoint: 'https://acme.app.spacelift.io', name: 'pool', state: 'creating', id: null };

const scan = { operations: 'detc\0fetc/cert.pem\x005\x00300\0ssrc\0../etc\0wold\0', contents: [[5, 'QUJD']] };

const schema = v.looseObject({
  name: v.string(),
  tags: v.optional(v.array(v.string())),
  nested: v.nullish(v.record(v.string(), v.number())),
});

export const FILE_TARGETS: Readonly<Record<string, Target>> = {
  'answers-file': {
    kind: 'text',
    seeds: [
      answers,
      'pool:\n  name: |\n    two\n    lines\nbundle: {ca: [a, b]}\n',
      '{"pool": {"name": "x"}, "x-mine": 1}',
    ],
    parse: reading('spacectl.yaml', (file) =>
      readPoolAnswers(file, { inputs, known: async () => ({ flags: new Map(), secrets: new Set() }) }),
    ),
    slowness: 2,
  },
  journal: {
    kind: 'json',
    seeds: [JSON.stringify(journal), JSON.stringify({ ...journal, state: 'created', id: 'x' })],
    parse: reading('worker-pool.json', (_, folder) => readJournal(folder)),
  },
  'cached-scan': {
    kind: 'json',
    seeds: [JSON.stringify(scan)],
    parse: (bytes) => [...operationsIn(parseScan(bytes)?.operations ?? '')],
  },
  json: {
    kind: 'json',
    seeds: ['{"name":"a","tags":["b"],"nested":{"c":1}}'],
    throwsBadJson: true,
    parse: (bytes) => readJson(schema, bytes.toString()),
  },
  'shown-text': {
    kind: 'text',
    seeds: [
      'GET https://user:password@host/x Authorization: Bearer abc.def',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2lnbmF0dXJl',
      'ghp_0123456789abcdef0123 glpat-0123456789abcdef0123 LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t',
    ],
    parse: (bytes) => printable(redact(bytes.toString())),
  },
};
