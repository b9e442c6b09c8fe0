import path from 'node:path';
import { readFileIfExists } from '../../files/read.ts';

/** Where a rendered configuration says which secrets it expects in a store, and how one is deleted there. */
interface Store {
  readonly file: 'variables.tf' | 'README.md';
  /** Finds the `name` of a secret, as a shell word, and the `place` it is in. */
  readonly secret: RegExp;
  readonly remove: (name: string, place: string) => string;
}

const STORES: readonly Store[] = [
  {
    file: 'variables.tf',
    secret: /^ {2}description = "Name of the secret in Secrets Manager.*\n {2}default +?= "(?<name>[^"\n]+)"/gm,
    remove: (name) => `aws secretsmanager delete-secret --secret-id ${name}`,
  },
  {
    file: 'README.md',
    secret: /az keyvault secret set --vault-name (?<place>\S+) --name (?<name>\S+)/g,
    remove: (name, place) => `az keyvault secret delete --vault-name ${place} --name ${name}`,
  },
  {
    file: 'README.md',
    secret: /gcloud secrets create (?<name>\S+) --project=(?<place>\S+)/g,
    remove: (name, place) => `gcloud secrets delete ${name} --project=${place}`,
  },
];

/** The region of a configuration for AWS. */
const REGION = /^variable "region" \{\n.*\n.*\n {2}default +?= "(?<region>[^"\n]+)"/m;

/** Returns commands that delete the secrets which a rendered configuration expects in a cloud's store. */
export async function storedSecretRemovals(folder: string): Promise<readonly string[]> {
  const read = async (name: string) => (await readFileIfExists(path.join(folder, name)))?.toString('utf8') ?? '';
  const texts = { 'variables.tf': await read('variables.tf'), 'README.md': await read('README.md') };
  const removals = STORES.flatMap(({ file, secret, remove }) =>
    [...texts[file].matchAll(secret)].map(({ groups: { name = '', place = '' } = {} }) => remove(name, place)),
  );
  const region = REGION.exec(texts['variables.tf'])?.groups?.['region'];
  return removals.map((each) => (region && each.startsWith('aws ') ? `${each} --region ${region}` : each));
}

/** Reports whether a rendered configuration creates the worker pool, and so deletes it. */
export async function rendersPool(folder: string): Promise<boolean> {
  const main = await readFileIfExists(path.join(folder, 'main.tf'));
  return main?.includes('resource "spacelift_worker_pool"') ?? false;
}
