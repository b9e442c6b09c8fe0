import { UserError } from '../../core/errors.ts';
import { choice, list, optionalText } from '../../step/input.ts';
import { cloudInputs } from '../cloud/inputs.ts';
import type { Value } from '../hcl/hcl.ts';
import { words } from '../matching.ts';

/** What a configuration around one of the vendor's modules needs to know. */
export const commonInputs = {
  ...cloudInputs,
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
