import type { AppliedConfiguration } from './terraform-state.ts';
import { type Export, exportsIn, refuseTooLong, scriptOf } from './user-data.ts';
import { readFacts } from './vendor-module/facts.ts';

const SECRETS = ['SPACELIFT_TOKEN', 'SPACELIFT_POOL_PRIVATE_KEY'] as const;
const COMMS = { SPACELIFT_WORKER_COMMS_PROTOCOL: /^poll$/, SPACELIFT_WORKER_COMMS_URL: /^https:\/\/app\.[\w.-]+$/ };

/** The first line that spacectl renders: whatever the module adds for the secrets stands before it. */
const RENDERED = '# Rendered by spacectl';

/**
 * Throws unless a machine that starts with this user data becomes a worker that polls: it fits, both secrets are exported
 * before anything that spacectl renders for AWS, the way to talk to Spacelift is exported once, and, where workers have a
 * CA bundle, so is its mount.
 */
export function expectWorker(
  release: string,
  applied: AppliedConfiguration,
  { hasBundle }: { hasBundle: boolean },
): void {
  if (applied.userData === undefined) throw new Error('no machine gets user data');
  refuseTooLong(release, applied.userData);
  const { cloud } = readFacts(release);
  const script = scriptOf(cloud, applied.userData);
  const found = exportsIn(script);
  for (const name of SECRETS) {
    const secret = last(found, name);
    if (cloud === 'aws') expectKnownSecret(secret, script, applied);
  }
  for (const [name, pattern] of Object.entries(COMMS)) {
    if (found.filter((each) => each.name === name).length > 1) throw new Error(`${name} is exported more than once`);
    const value = readValue(last(found, name), applied);
    if (!pattern.test(value)) throw new Error(`${name} is "${value}"`);
  }
  if (!hasBundle) return;
  const mounts = readValue(last(found, 'SPACELIFT_WORKER_EXTRA_MOUNTS'), applied);
  if (!mounts.includes('/etc/spacelift/custom-ca-bundle.crt:')) throw new Error(`no bundle is mounted: "${mounts}"`);
}

function last(found: readonly Export[], name: string): Export {
  const one = found.findLast((each) => each.name === name);
  if (!one) throw new Error(`${name} is not exported`);
  return one;
}

/** On AWS the module fetches secrets, by the name or the ARN of one that Terraform knows. */
function expectKnownSecret({ name, value, at }: Export, script: string, applied: AppliedConfiguration): void {
  const rendered = script.indexOf(RENDERED);
  if (rendered !== -1 && at > rendered) throw new Error(`${name} is exported after the configuration has started`);
  const ids = [...script.matchAll(/--secret-id (\S+?)(?:[ )]|$)/gm)].map(([, id]) => id as string);
  const own = /--secret-id (\S+?)(?:[ )]|$)/.exec(value)?.[1];
  const id = own ?? ids[0];
  const secret = applied.secrets.find(({ names }) => id !== undefined && names.includes(id));
  if (!secret) throw new Error(`${name} comes from the secret "${id}", which Terraform does not know`);
  if (secret.value === undefined) return;
  const text = own ? secret.value : (JSON.parse(secret.value) as Record<string, string>)[name];
  if (!text) throw new Error(`${name} is not in the secret ${id}`);
  // The module's unquoted echo and the file of the environment take one line (boot.how_secrets_arrive, boot.env_file).
  if (/\s/.test(text)) throw new Error(`${name} has blanks or line breaks, which the module does not hand on`);
}

/** The value of a variable: in the text, or in the module's secret. */
function readValue({ name, value }: Export, { secrets }: AppliedConfiguration): string {
  if (!value.includes('SECRET_VALUE')) return value.slice(1).replaceAll(/^'|'$/g, '');
  for (const secret of secrets) {
    const text = parse(secret.value)?.[name];
    if (text !== undefined) return text;
  }
  throw new Error(`${name} is in none of the secrets`);
}

function parse(text: string | undefined): Record<string, string> | undefined {
  try {
    return JSON.parse(text ?? '') as Record<string, string>;
  } catch {
    return undefined;
  }
}
