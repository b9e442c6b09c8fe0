import path from 'node:path';
import { UserError } from '../../step/errors.ts';
import { type Answers, choice, list, onlyWhen, optionalText, text, yesNo } from '../../step/input.ts';
import type { Value } from '../hcl.ts';
import { hostInputs } from '../inputs.ts';

const createsPool = (answers: Answers) => answers['worker-pool-id'] === undefined;

/** A parser for text that matches a pattern. */
export function matching(pattern: RegExp, meaning: string): (text: string) => string {
  return (text) => {
    if (pattern.test(text)) return text;
    throw new UserError('SPACECTL_BAD_INPUT', `"${text}" is not ${meaning}`);
  };
}

/** A parser for words that go into a configuration as they are: anything but control characters. */
export const words = matching(/^[^\p{Cc}\p{Cs}]+$/u, 'text on one line');

/** A parser for whole numbers from 0 on. */
export function count(text: string): number {
  return Number(matching(/^\d{1,5}$/, 'a whole number')(text));
}

/** What a configuration for any of the clouds needs to know. */
export const commonInputs = {
  dir: hostInputs.dir,
  env: hostInputs.env,
  domain: hostInputs.domain,
  environment: hostInputs.environment,
  'worker-pool-id': optionalText({
    summary: 'Pool that is there already; without it the configuration creates one from spacelift.csr',
    question: 'Id of the worker pool (leave empty to create it in the same configuration)',
    placeholder: 'ULID',
    asked: true,
    parse: matching(
      /^[0-9A-HJKMNP-TV-Z]{26}$/,
      'the id of a worker pool: 26 characters, as in 01HCC6QZ932J7WDF4FTVM9QMEP',
    ),
  }),
  'pool-name': onlyWhen(
    createsPool,
    text({
      summary: "Name of the pool to create; the folder's, if not given",
      question: 'What shall the worker pool be called?',
      placeholder: 'NAME',
      default: (answers) => path.basename(path.resolve(String(answers['dir']))) || 'workers',
      parse: words,
    }),
  ),
  'pool-description': onlyWhen(
    createsPool,
    optionalText({ summary: 'Description of the pool to create', placeholder: 'TEXT', parse: words }),
  ),
  'pool-space': onlyWhen(
    createsPool,
    optionalText({
      summary: 'Space of the pool to create',
      placeholder: 'ID',
      parse: matching(/^[A-Za-z0-9_-]+$/, 'the id of a space'),
    }),
  ),
  'pool-label': onlyWhen(
    createsPool,
    list({ summary: 'Label of the pool to create', placeholder: 'LABEL', parse: words }),
  ),
  'machine-image': optionalText({
    summary: "Image to start from; the vendor's newest, if not given",
    placeholder: 'ID',
    parse: words,
  }),
  'ca-delivery': choice({
    summary:
      'How workers come by the CA bundle: extended on the host at boot, from an object store, or in the user data',
    asked: false,
    choices: [{ value: 'host' }, { value: 's3' }, { value: 'gcs' }, { value: 'blob' }, { value: 'inline' }],
    default: 'host',
  }),
  'module-version': optionalText({
    summary: "Release of the vendor's module; the newest that is known, if not given",
    placeholder: 'VERSION',
    parse: words,
  }),
  'module-input': list({
    summary: "Any other input of the vendor's module, as JSON or plain text",
    placeholder: 'NAME=VALUE',
    parse: parseModuleInput,
  }),
} as const;

/** Shared by the clouds that have regions. */
export const region = optionalText({
  summary: 'Region; a variable without a default, if not given',
  question: 'In which region? (leave empty to say it later)',
  placeholder: 'REGION',
  asked: true,
  parse: matching(/^[a-z]{2,}(?:-[a-z]+)+-?\d$/, 'the name of a region, as in eu-west-1'),
});

export const autoscaler = yesNo({
  summary: "Add the vendor's autoscaler; it needs an API key",
  question: "Add the vendor's autoscaler? It needs an API key",
  asked: true,
});

/** How many workers where nothing scales. */
export const size = onlyWhen(
  (answers) => answers['autoscaler'] !== true,
  text({
    summary: 'Number of workers, where nothing scales',
    question: 'How many workers?',
    placeholder: 'NUMBER',
    default: '2',
    parse: count,
  }),
);

export const maxSize = text({
  summary: 'Most workers at a time',
  question: 'How many workers at most?',
  placeholder: 'NUMBER',
  default: '5',
  parse: count,
});

function parseModuleInput(given: string): readonly [name: string, value: Value] {
  const [, name, value] = /^([A-Za-z0-9_-]+)=(.*)$/s.exec(given) ?? [];
  if (name === undefined || value === undefined) {
    throw new UserError('SPACECTL_BAD_INPUT', `"${given}" is not NAME=VALUE`);
  }
  try {
    return [name, JSON.parse(value) as Value];
  } catch {
    return [name, words(value)];
  }
}
