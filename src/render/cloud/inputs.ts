import path from 'node:path';
import { hasPool, type PoolSigns } from '../../pool-folder/index.ts';
import { lookUpSpaces, poolId } from '../../spacelift/index.ts';
import { inSection, list, onlyWhen, optionalText, text, yesNo } from '../../step/input.ts';
import { matching, oneLine, wholeNumber } from '../../step/parsers.ts';
import { region as anyRegion } from '../../step/shared.ts';
import { commsInputs } from '../comms/inputs.ts';
import { hostInputs } from '../host/inputs.ts';

/** Reports whether a configuration creates the pool: an existing one is not created again. */
export const createsPool = (values: PoolSigns & { 'pool-id': string | undefined }) =>
  values['pool-id'] === undefined && !hasPool(values);

/** The worker pool of a configuration: an existing one, or one that it creates. */
export const poolInputs = inSection('pool', {
  'pool-id': {
    ...poolId,
    question: 'ID of the worker pool (leave empty to create a new pool)',
    description: 'If the directory has no pool either, the configuration creates one.',
    asked: (values: PoolSigns) => !hasPool(values),
  },
  'pool-name': onlyWhen(
    createsPool,
    text({
      summary: "Name of the pool to create. Default: the directory's name",
      question: 'Name of the new worker pool',
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
      lookUp: lookUpSpaces,
      parse: matching(/^[A-Za-z0-9_-]+$/, 'the ID of a space'),
    }),
  ),
  'pool-label': onlyWhen(
    createsPool,
    list({ summary: 'Label of the pool to create', placeholder: 'LABEL', parse: oneLine }),
  ),
});

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
export const region = {
  ...anyRegion,
  description: 'Without it, Terraform asks for it.',
  asked: true,
  isForLater: true,
} as const;

/** Whether Spacelift's autoscaler changes the number of workers. */
export const autoscaler = yesNo({
  summary: "Add Spacelift's autoscaler, which needs an API key with admin rights",
  question: "Add Spacelift's autoscaler? It needs an API key with admin rights",
  asked: true,
});

/** The number of workers where nothing scales: Google Cloud's module has no autoscaler, whatever others are rendered. */
export const size = onlyWhen(
  ({ autoscaler: isScaled, target }: { autoscaler?: boolean; target?: readonly string[] }) =>
    isScaled !== true || target?.includes('terraform-gcp') === true,
  text({
    summary: 'Number of workers, without the autoscaler',
    question: 'How many workers?',
    placeholder: 'NUMBER',
    default: '2',
    parse: wholeNumber(),
  }),
);

/** The maximum number of workers. */
export const maxSize = text({
  summary: 'Maximum number of workers',
  question: 'Maximum number of workers',
  placeholder: 'NUMBER',
  default: '5',
  parse: wholeNumber(),
});
