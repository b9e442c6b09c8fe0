import path from 'node:path';
import { hasPool, type PoolSigns } from '../../pool-folder/index.ts';
import { poolId } from '../../spacelift/index.ts';
import { list, onlyWhen, optionalText, text, yesNo } from '../../step/input.ts';
import { matching, oneLine, wholeNumber } from '../../step/parsers.ts';
import { region as anyRegion } from '../../step/shared.ts';
import { commsInputs } from '../comms/inputs.ts';
import { hostInputs } from '../host/inputs.ts';

/** A pool that is there already is not created a second time. */
const createsPool = (values: PoolSigns & { 'pool-id': string | undefined }) =>
  values['pool-id'] === undefined && !hasPool(values);

/** The pool that a configuration is about: one that is there, or one that it creates. */
export const poolInputs = {
  'pool-id': {
    ...poolId,
    question: 'ID of the worker pool (leave empty to create it in the same configuration)',
    description: 'Where the directory has no pool either, the configuration creates one.',
    asked: (values: PoolSigns) => !hasPool(values),
  },
  'pool-name': onlyWhen(
    createsPool,
    text({
      summary: "Name of the pool to create; the folder's, if not given",
      question: 'What shall the worker pool be called?',
      placeholder: 'NAME',
      default: ({ dir }: { dir: string }) => path.basename(path.resolve(dir)) || 'workers',
      parse: oneLine,
    }),
  ),
  'pool-description': onlyWhen(
    createsPool,
    optionalText({ summary: 'Description of the pool to create', placeholder: 'TEXT', parse: oneLine }),
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
    list({ summary: 'Label of the pool to create', placeholder: 'LABEL', parse: oneLine }),
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
export const region = {
  ...anyRegion,
  description: 'Left out, it becomes a Terraform variable without a default.',
  asked: true,
} as const;

export const autoscaler = yesNo({
  summary: "Add Spacelift's autoscaler; it needs an API key with admin rights",
  question: "Add Spacelift's autoscaler? It needs an API key with admin rights",
  asked: true,
});

/** How many workers where nothing scales. */
export const size = onlyWhen(
  ({ autoscaler: isScaled }: { autoscaler?: boolean }) => isScaled !== true,
  text({
    summary: 'Number of workers, where nothing scales',
    question: 'How many workers?',
    placeholder: 'NUMBER',
    default: '2',
    parse: wholeNumber(),
  }),
);

export const maxSize = text({
  summary: 'Most workers at a time',
  question: 'How many workers at most?',
  placeholder: 'NUMBER',
  default: '5',
  parse: wholeNumber(),
});
