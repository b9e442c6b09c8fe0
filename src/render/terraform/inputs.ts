import { UserError } from '../../core/errors.ts';
import { choice, list, optionalText } from '../../step/input.ts';
import { cloudInputs } from '../cloud/inputs.ts';
import { trustOnHost } from '../host/service-inputs.ts';
import { words } from '../matching.ts';
import type { OwnInput } from './module-inputs.ts';

/** The inputs of every configuration around one of Spacelift's modules. */
export const commonInputs = {
  ...cloudInputs,
  'machine-image': optionalText({
    summary: "Machine image. Default: Spacelift's newest",
    placeholder: 'ID',
    parse: words,
  }),
  'ca-delivery': choice({
    summary:
      'How runner containers get the CA bundle. host: the host builds it at boot; s3, gcs, blob: from an object store; inline: in the user data; none: not at all',
    asked: false,
    choices: [
      { value: 'host' },
      { value: 's3' },
      { value: 'gcs' },
      { value: 'blob' },
      { value: 'inline' },
      { value: 'none' },
    ],
    default: 'host',
  }),
  'trust-on-host': trustOnHost,
  'module-version': optionalText({
    summary: "Release of Spacelift's module. Default: the newest that spacectl knows completely",
    placeholder: 'VERSION',
    parse: words,
  }),
  'module-input': list({
    summary: "Any other input of Spacelift's module, as JSON or plain text",
    placeholder: 'NAME=VALUE',
    parse: parseModuleInput,
  }),
} as const;

function parseModuleInput(given: string): OwnInput {
  const [, name, value] = /^([A-Za-z0-9_-]+)=(.*)$/s.exec(given) ?? [];
  if (name !== undefined && value !== undefined) return [name, /^\s*[[{"]/.test(value) ? value : words(value)];
  throw new UserError('SPACECTL_BAD_INPUT', `--module-input "${given}" is not NAME=VALUE`);
}
