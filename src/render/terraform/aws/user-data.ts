import { Expression, type Value } from '../../format/hcl/hcl.ts';
import { ownPart } from '../boot-data.ts';
import type { Module } from '../releases/index.ts';

type Inputs = Readonly<Record<string, Value | undefined>>;

/** Lengths that a release's own part depends on, besides its inputs. */
interface Known {
  /** The region; the longest one is assumed if it is not known yet. */
  readonly region: string | undefined;
  /** The maximum length of a name or ARN that only Terraform knows, in bytes. */
  readonly nameBytes: number;
  /** Certificates that the self-hosted template pastes, PEM. */
  readonly certificates: readonly string[];
}

/**
 * Computes the bytes of the module's own part of the user data, by `boot.size_formula` of the facts in
 * `test/fixtures/modules/aws-*.json`; the self-hosted template's part was measured by rendering it (e09770e).
 */
export function ownPartOnAws(module: Module, inputs: Inputs, { region, nameBytes, certificates }: Known): number {
  const selfHosted = inputs['selfhosted_configuration'] as Inputs | undefined;
  const isSelfHosted = selfHosted !== undefined;
  const regionBytes = (region ?? 'ap-southeast-1').length - 'eu-west-1'.length;
  const common =
    ownPart(module, isSelfHosted) +
    secretsPart(module, inputs, nameBytes, isSelfHosted ? 1 : 0) +
    regionBytes +
    (inputs['disable_cloudwatch_agent'] === true ? (isSelfHosted ? 257 : 332) : 0);
  if (selfHosted) return common + selfHostedPart(selfHosted, certificates);
  const delay = inputs['poweroff_delay'];
  return (
    common +
    lengthOf(inputs['domain_name'], 'spacelift.io'.length) -
    'spacelift.io'.length +
    (delay === undefined ? 0 : 3 * (String(delay).length - 2))
  );
}

/** `perDollar` is the byte that each `$` costs if the text is evaluated twice. */
function secretsPart(module: Module, inputs: Inputs, nameBytes: number, perDollar: number): number {
  const own = inputs['byo_secretsmanager'] as { name?: Value; keys?: readonly string[] } | undefined;
  const keys = own?.keys ?? namesOf(inputs['env_vars'] ?? inputs['secure_env_vars']);
  const name = own ? lengthOf(own.name, nameBytes) : 'sp5ft-01HCC6QZ932J7WDF4FTVM9QMEP-secret'.length;
  const bundle = sum(keys.map((key) => 42 + 2 * key.length + 2 * perDollar)) + name + perDollar;
  if (!('secret_env_var_arns' in module.inputs)) return keys.length === 0 ? 1 : 107 + bundle;
  const arns = Object.entries((inputs['secret_env_var_arns'] ?? {}) as Inputs);
  const byArn = sum(arns.map(([key, arn]) => 94 + key.length + lengthOf(arn, nameBytes) + perDollar));
  return (keys.length === 0 ? 0 : 106 + bundle) + byArn + Math.max(0, arns.length - 1) + 2;
}

/**
 * The launcher's URI has 47 bytes in the template's own part, and each proxy is in it six times. A certificate costs 62
 * bytes besides its own, and the first one 133 more (109 before 6.1).
 */
function selfHostedPart(selfHosted: Inputs, certificates: readonly string[]): number {
  const proxies = ['http', 'https', 'no'].map((kind) => 6 * lengthOf(selfHosted[`${kind}_proxy_config`], 0));
  const pasted = certificates.map((each) => 62 + each.length);
  return lengthOf(selfHosted['s3_uri'], 47) - 47 + sum(proxies) + sum(pasted) + (pasted.length > 0 ? 133 : 0);
}

function namesOf(value: Value | undefined): readonly string[] {
  return typeof value === 'object' && value !== null && !(value instanceof Expression) ? Object.keys(value) : [];
}

function lengthOf(value: Value | undefined, otherwise: number): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : otherwise;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
