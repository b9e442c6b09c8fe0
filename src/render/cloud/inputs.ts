import path from 'node:path';
import { hasPool } from '../../pool-folder/index.ts';
import { parsePoolId } from '../../spacelift/index.ts';
import { type Answers, list, onlyWhen, optionalText, text, yesNo } from '../../step/input.ts';
import { commsInputs } from '../comms/inputs.ts';
import { hostInputs } from '../host/inputs.ts';
import { count, matching, words } from '../matching.ts';

/** An existing pool is not created again. */
const createsPool = (answers: Answers) => answers['pool-id'] === undefined && !hasPool(answers);

/** The worker pool of a configuration: an existing one, or one that it creates. */
export const poolInputs = {
  'pool-id': optionalText({
    summary: "ID of the pool. Default: the folder's pool; without one, the configuration creates a pool",
    question: 'ID of the worker pool (leave empty to create a new pool)',
    placeholder: 'ID',
    formerly: 'worker-pool-id',
    asked: (answers) => !hasPool(answers),
    parse: parsePoolId,
  }),
  'pool-name': onlyWhen(
    createsPool,
    text({
      summary: "Name of the pool to create. Default: the folder's name",
      question: 'Name of the new worker pool',
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
      parse: matching(/^[A-Za-z0-9_-]+$/, 'the ID of a space'),
    }),
  ),
  'pool-label': onlyWhen(
    createsPool,
    list({ summary: 'Label of the pool to create', placeholder: 'LABEL', parse: words }),
  ),
} as const;

/** The inputs of every configuration for a cloud. */
export const cloudInputs = {
  dir: hostInputs.dir,
  env: hostInputs.env,
  domain: hostInputs.domain,
  environment: hostInputs.environment,
  ...commsInputs,
  ...poolInputs,
} as const;

/** The region, for the clouds that have regions. */
export const region = optionalText({
  summary: 'Region. Without it, Terraform asks for it',
  question: 'Region (optional)',
  placeholder: 'REGION',
  asked: true,
  parse: matching(/^[a-z]{2,}(?:-[a-z]+)+-?\d$/, 'the name of a region, such as eu-west-1'),
});

/** Whether Spacelift's autoscaler changes the number of workers. */
export const autoscaler = yesNo({
  summary: "Add Spacelift's autoscaler, which needs an API key with admin rights",
  question: "Add Spacelift's autoscaler? It needs an API key with admin rights",
  asked: true,
});

/** The number of workers without an autoscaler. */
export const size = onlyWhen(
  (answers) => answers['autoscaler'] !== true,
  text({
    summary: 'Number of workers, without the autoscaler',
    question: 'How many workers?',
    placeholder: 'NUMBER',
    default: '2',
    parse: count,
  }),
);

/** The maximum number of workers. */
export const maxSize = text({
  summary: 'Maximum number of workers',
  question: 'Maximum number of workers',
  placeholder: 'NUMBER',
  default: '5',
  parse: count,
});
