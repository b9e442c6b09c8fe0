import { gunzipSync } from 'node:zlib';
import { compressionOf } from '../../src/core/compression.ts';

/** Values of a resource or data source, by attribute. */
export type Attributes = Readonly<Record<string, unknown>>;

/** A secret that Terraform makes, or looks up. */
export interface KnownSecret {
  /** Its name, and what else it can be asked for by: an ARN, an id. */
  readonly names: readonly string[];
  /** Whether Terraform makes it, rather than looking it up. */
  readonly isMade: boolean;
  /** Its value, where Terraform makes that too. */
  readonly value: string | undefined;
}

/** What came of one configuration. */
export interface AppliedConfiguration {
  /** The text that a machine starts with, as the module hands it to the cloud; undefined without a module. */
  readonly userData: string | undefined;
  /** The bytes of it that the cloud gets, as far as it is compressed there. */
  readonly userDataBytes: number;
  /** By address within the configuration, as in `module.workers.aws_launch_template.this`. */
  readonly resources: Readonly<Record<string, Attributes>>;
  readonly secrets: readonly KnownSecret[];
}

interface Resource {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly values: Attributes;
}

interface Module {
  readonly address: string;
  readonly resources?: readonly Resource[];
  readonly child_modules?: readonly Module[];
}

/** What `terraform show -json` prints of a state. */
export interface State {
  readonly values: { readonly root_module: Module };
}

/** A change, as a stand-in provider writes it down. */
export interface Change {
  readonly id: string;
  /** Arguments that are in the configuration alone, neither in the plan nor in the state. */
  readonly writeOnly?: Attributes;
}

/** Reads what came of each module of the root module, by the module's name. */
export function readConfigurations(
  state: State,
  changes: readonly Change[],
): Readonly<Record<string, AppliedConfiguration>> {
  const writeOnly = new Map(changes.map((each) => [each.id, each.writeOnly ?? {}] as const));
  const found = (state.values.root_module.child_modules ?? []).map((module) => {
    return [module.address.replace('module.', ''), describe(resourcesOf(module, module.address, writeOnly))] as const;
  });
  return Object.fromEntries(found);
}

function resourcesOf(
  module: Module,
  configuration: string,
  writeOnly: ReadonlyMap<string, Attributes>,
): Readonly<Record<string, Attributes>> {
  const own = (module.resources ?? []).map(({ address, mode, type, values }) => {
    const written = writeOnly.get(String(values['id']));
    return [address.replace(`${configuration}.`, ''), { ...values, ...written, type, mode }] as const;
  });
  const inner = (module.child_modules ?? []).map((each) => resourcesOf(each, configuration, writeOnly));
  return Object.assign(Object.fromEntries(own), ...inner);
}

function describe(resources: Readonly<Record<string, Attributes>>): AppliedConfiguration {
  const all = Object.values(resources);
  const userData = all.map(userDataOf).find((bytes) => bytes !== undefined);
  return {
    resources,
    // As cloud-init unpacks it (cloudinit/user_data.py, convert_string).
    userData: userData && (compressionOf(userData) === 'gzip' ? gunzipSync(userData) : userData).toString(),
    userDataBytes: userData?.length ?? 0,
    secrets: all.flatMap((each) => secretOf(each, all)),
  };
}

/** AWS and Azure take it as base64, Google Cloud as text. */
function userDataOf(resource: Attributes): Buffer | undefined {
  const decode = (text: unknown) => Buffer.from(String(text), 'base64');
  switch (resource['type']) {
    case 'aws_launch_template':
      return decode(resource['user_data']);
    case 'azurerm_linux_virtual_machine_scale_set':
      return decode(resource['custom_data']);
    case 'google_compute_instance_template':
      return Buffer.from(String(resource['metadata_startup_script']));
    default:
      return undefined;
  }
}

function secretOf(resource: Attributes, all: readonly Attributes[]): readonly KnownSecret[] {
  const secret = (names: readonly unknown[], value: unknown): readonly KnownSecret[] => {
    const isKnown = value !== undefined && value !== null;
    return [
      { names: names.map(String), isMade: resource['mode'] === 'managed', value: isKnown ? String(value) : undefined },
    ];
  };
  switch (resource['type']) {
    case 'azurerm_key_vault_secret':
      return secret([resource['name']], resource['value']);
    case 'google_secret_manager_secret':
      return secret([resource['secret_id'], resource['id']], versionOf(resource, all)?.['secret_data']);
    case 'aws_secretsmanager_secret': {
      const version = versionOf(resource, all);
      return secret([resource['name'], resource['arn']], version?.['secret_string_wo'] ?? version?.['secret_string']);
    }
    default:
      return [];
  }
}

function versionOf({ type, id }: Attributes, all: readonly Attributes[]): Attributes | undefined {
  return all.find((each) => each['type'] === `${type}_version` && [each['secret_id'], each['secret']].includes(id));
}
