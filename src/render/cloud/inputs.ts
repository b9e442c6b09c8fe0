import path from 'node:path';
import { hasPool } from '../../pool-folder/index.ts';
import { parsePoolId } from '../../spacelift/index.ts';
import { type Answers, list, onlyWhen, optionalText, text, yesNo } from '../../step/input.ts';
import { commsInputs } from '../comms/inputs.ts';
import { hostInputs } from '../host/inputs.ts';
import { count, matching, words } from '../matching.ts';

/** A pool that is there already is not created a second time. */
const createsPool = (answers: Answers) => answers['pool-id'] === undefined && !hasPool(answers);

/** The pool that a configuration is about: one that is there, or one that it creates. */
export const poolInputs = {
  'pool-id': optionalText({
    summary: "ID of the pool; the folder's own, if not given, and without one the configuration creates it",
    question: 'ID of the worker pool (leave empty to create it in the same configuration)',
    placeholder: 'ID',
    formerly: 'worker-pool-id',
    asked: (answers) => !hasPool(answers),
    parse: parsePoolId,
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
    text({
      summary: 'ID of the space of the pool to create',
      placeholder: 'ID',
      asked: false,
      default: 'root',
      parse: matching(/^[A-Za-z0-9_-]+$/, 'the id of a space'),
    }),
  ),
  'pool-label': onlyWhen(
    createsPool,
    list({ summary: 'Label of the pool to create', placeholder: 'LABEL', parse: words }),
  ),
} as const;

/** What any configuration for a cloud needs to know. */
export const cloudInputs = {
  dir: hostInputs.dir,
  env: hostInputs.env,
  domain: hostInputs.domain,
  environment: hostInputs.environment,
  ...commsInputs,
  ...poolInputs,
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
  summary: "Add Spacelift's autoscaler; it needs an API key with admin rights",
  question: "Add Spacelift's autoscaler? It needs an API key with admin rights",
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
