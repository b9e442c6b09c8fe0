/** What a secret store needs of the variables of a configuration, by their names. */
export type StoreVariables = Readonly<Record<string, string>>;

/** A cloud's secret store, as the cloud's own CLI reaches it. Secrets are in files, never among the arguments. */
export interface SecretStore {
  readonly title: string;
  readonly program: string;
  /** The variables that say where and how secrets are kept, as far as a configuration has them; their names are added. */
  readonly variables: readonly string[];
  /** Whether Terraform looks the secrets up when it plans, so that they have to exist before. */
  readonly isReadByPlan: boolean;
  /** What the program's message contains if a secret does not exist. */
  readonly missing: RegExp;
  /** What the message contains if a secret is created that exists: one without a value is read as missing. */
  readonly conflict?: RegExp;
  /** Prints the value of a secret. */
  read(name: string, variables: StoreVariables): readonly string[];
  create(name: string, file: string, variables: StoreVariables): readonly string[];
  /** Gives an existing secret another value. */
  replace(name: string, file: string, variables: StoreVariables): readonly string[];
}

const inRegion = ({ region }: StoreVariables) => (region === undefined ? [] : ['--region', region]);

const withKey = ({ kms_key_arn: key }: StoreVariables) => (key === undefined ? [] : ['--kms-key-id', key]);

/** AWS CLI 1 reads only AWS_DEFAULT_REGION, so that the region is an argument (seen with 1.45). */
const secretsManager: SecretStore = {
  title: 'Secrets Manager',
  program: 'aws',
  variables: ['region', 'kms_key_arn'],
  isReadByPlan: true,
  missing: /\(ResourceNotFoundException\)/,
  conflict: /\(ResourceExistsException\)/,
  read: (name, variables) => [
    ...['secretsmanager', 'get-secret-value', '--secret-id', name, ...inRegion(variables)],
    ...['--query', 'SecretString', '--output', 'text'],
  ],
  create: (name, file, variables) => [
    ...['secretsmanager', 'create-secret', '--name', name, ...inRegion(variables), ...withKey(variables)],
    ...['--secret-string', `file://${file}`, '--output', 'text', '--query', 'Name'],
  ],
  replace: (name, file, variables) => [
    ...['secretsmanager', 'put-secret-value', '--secret-id', name, ...inRegion(variables)],
    ...['--secret-string', `file://${file}`, '--output', 'text', '--query', 'Name'],
  ],
};

/** `set` also makes a new version of an existing secret (Azure CLI reference, az keyvault secret). */
const setInVault = (name: string, file: string, { key_vault_name: vault = '' }: StoreVariables) => [
  ...['keyvault', 'secret', 'set', '--vault-name', vault, '--name', name],
  ...['--file', file, '--encoding', 'utf-8', '--output', 'none'],
];

const keyVault: SecretStore = {
  title: 'Key Vault',
  program: 'az',
  variables: ['key_vault_name'],
  isReadByPlan: false,
  missing: /\(SecretNotFound\)/,
  read: (name, { key_vault_name: vault = '' }) => [
    ...['keyvault', 'secret', 'show', '--vault-name', vault, '--name', name],
    ...['--query', 'value', '--output', 'tsv'],
  ],
  create: setInVault,
  replace: setInVault,
};

const secretManager: SecretStore = {
  title: 'Secret Manager',
  program: 'gcloud',
  variables: ['project'],
  isReadByPlan: false,
  missing: /NOT_FOUND/,
  conflict: /already exists/,
  read: (name, { project = '' }) => [
    ...['secrets', 'versions', 'access', 'latest', `--secret=${name}`, `--project=${project}`, '--quiet'],
  ],
  create: (name, file, { project = '' }) => [
    ...['secrets', 'create', name, `--project=${project}`, '--replication-policy=automatic'],
    ...[`--data-file=${file}`, '--quiet'],
  ],
  replace: (name, file, { project = '' }) => [
    ...['secrets', 'versions', 'add', name, `--project=${project}`, `--data-file=${file}`, '--quiet'],
  ],
};

/** The store that each rendered configuration reads. */
export const SECRET_STORES: Readonly<Record<string, SecretStore>> = {
  'terraform-aws': secretsManager,
  ecs: secretsManager,
  'terraform-azure': keyVault,
  'terraform-gcp': secretManager,
};
