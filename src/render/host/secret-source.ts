import path from 'node:path';
import { UserError } from '../../core/errors.ts';

/** A secret in a cloud's store, from which a host fetches the pool's secrets with its own identity. */
export interface SecretSource {
  readonly kind: 'aws-secretsmanager' | 'aws-ssm' | 'azure-keyvault' | 'gcp-secretmanager';
  readonly name: string;
}

/** The names that each store accepts for a secret. */
const NAMES: Readonly<Record<SecretSource['kind'], readonly [pattern: RegExp, expectation: string]>> = {
  'aws-secretsmanager': [
    /^(?:arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[\w/+=.@-]+$/,
    'the name or ARN of a secret',
  ],
  'aws-ssm': [/^(?:arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter)?\/?[\w/.-]+$/, 'the name or ARN of a parameter'],
  'azure-keyvault': [/^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]\/[A-Za-z0-9-]{1,127}$/, 'VAULT/SECRET'],
  'gcp-secretmanager': [
    /^projects\/[\w.:-]+\/secrets\/[\w-]+(?:\/versions\/(?:latest|\d+))?$/,
    'projects/PROJECT/secrets/SECRET, optionally with /versions/VERSION',
  ],
};

/** Parses `KIND:NAME`. @throws UserError `SPACECTL_BAD_INPUT` */
export function parseSecretSource(text: string): SecretSource {
  const [, kind = '', name = ''] = /^([a-z-]+):(.+)$/s.exec(text) ?? [];
  if (!Object.hasOwn(NAMES, kind)) {
    throw new UserError('SPACECTL_BAD_INPUT', `"${text}" does not start with one of ${Object.keys(NAMES).join(', ')}`, {
      suggestions: ['Pass --secrets-from aws-secretsmanager:spacelift/pool'],
    });
  }
  const source = kind as SecretSource['kind'];
  const [pattern, expectation] = NAMES[source];
  if (!pattern.test(name)) throw new UserError('SPACECTL_BAD_INPUT', `${kind}: "${name}" is not ${expectation}`);
  const isUnversioned = source === 'gcp-secretmanager' && !name.includes('/versions/');
  return { kind: source, name: isUnversioned ? `${name}/versions/latest` : name };
}

/** Tells the user where to store the secrets that hosts fetch. */
export function storeSecrets(dir: string, { kind, name }: SecretSource): string {
  return `Store ${path.join(dir, 'secrets.env')} in ${kind} as ${name}, and allow the machines' identity to read it`;
}

/** Explains why no file with the secrets was rendered. */
export function withoutSecrets(dir: string): string {
  return `No pool token in ${dir} yet, so no secrets.env was rendered. Run the same command again once you have the token`;
}
