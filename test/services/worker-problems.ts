import type { AppliedConfiguration } from './terraform-state.ts';
import { type Export, exportsIn, scriptOf } from './user-data.ts';
import { readFacts } from './vendor-module/facts.ts';

const SECRETS = ['SPACELIFT_TOKEN', 'SPACELIFT_POOL_PRIVATE_KEY'] as const;
const COMMS = { SPACELIFT_WORKER_COMMS_PROTOCOL: /^poll$/, SPACELIFT_WORKER_COMMS_URL: /^https:\/\/app\.[\w.-]+$/ };

/** The first line that spacectl renders: whatever the module adds for the secrets stands before it. */
const RENDERED = '# Rendered by spacectl';

/**
 * Finds what keeps a machine that starts with this user data from becoming a worker that polls: it fits; both secrets are
 * exported, on AWS before anything that spacectl renders; the way to talk to Spacelift is exported once; and, where
 * workers have a CA bundle, so is its mount.
 */
export function problemsOf(
  release: string,
  applied: AppliedConfiguration,
  { hasBundle }: { readonly hasBundle: boolean },
): readonly string[] {
  const { userData } = applied;
  if (userData === undefined) return ['no machine gets user data'];
  const { cloud, boot } = readFacts(release);
  const script = scriptOf(cloud, userData);
  const found = exportsIn(script);
  const valueOfOne = (name: string) => valuesOf(name, found, applied).at(-1) ?? '';
  const bytes = Buffer.byteLength(userData);
  return [
    ...(bytes > boot.limit_bytes ? [`the user data has ${bytes} bytes, of ${boot.limit_bytes} that fit`] : []),
    ...SECRETS.flatMap((name) => {
      const one = found.findLast((each) => each.name === name);
      if (!one) return [`${name} is not exported`];
      return cloud === 'aws' ? problemsOfSecret(one, script, applied) : [];
    }),
    ...Object.entries(COMMS).flatMap(([name, pattern]) => {
      const values = valuesOf(name, found, applied);
      if (values.length !== 1) return [`${name} is exported ${values.length} times`];
      return pattern.test(values[0] ?? '') ? [] : [`${name} is "${values[0]}"`];
    }),
    ...(hasBundle && !valueOfOne('SPACELIFT_WORKER_EXTRA_MOUNTS').includes('/etc/spacelift/custom-ca-bundle.crt:')
      ? ['the bundle is not mounted']
      : []),
  ];
}

/** On AWS the module fetches secrets, by the name or the ARN of one that Terraform knows. */
function problemsOfSecret({ name, value, at }: Export, script: string, applied: AppliedConfiguration): string[] {
  const own = idIn(value);
  const id = own ?? idIn(script);
  const secret = applied.secrets.find(({ names }) => id !== undefined && names.includes(id));
  const rendered = script.indexOf(RENDERED);
  const text = own === undefined ? fieldsOf(secret?.value)[name] : secret?.value;
  return [
    ...(rendered !== -1 && at > rendered ? [`${name} is exported after the configuration has started`] : []),
    ...(secret ? [] : [`${name} comes from the secret "${id}", which Terraform does not know`]),
    // A secret that is only looked up has been put there by the user.
    ...(secret?.isMade && !text ? [`${name} is not in the secret ${id}`] : []),
    // The module's unquoted echo and the file of the environment take one line (boot.how_secrets_arrive, boot.env_file).
    ...(text && /\s/.test(text) ? [`${name} has blanks or line breaks, which the module does not hand on`] : []),
  ];
}

function idIn(text: string): string | undefined {
  return /--secret-id (\S+?)(?:[ )]|$)/m.exec(text)?.[1];
}

/** The values that a variable is given one after the other: in the text, or in the module's secret. */
function valuesOf(name: string, found: readonly Export[], { secrets }: AppliedConfiguration): readonly string[] {
  return found
    .filter((each) => each.name === name)
    .map(({ value }) => {
      if (!value.includes('SECRET_VALUE')) return value.slice(1).replaceAll(/^['"]|['"]$/g, '');
      return secrets.map((secret) => fieldsOf(secret.value)[name]).find((text) => text !== undefined) ?? '';
    });
}

function fieldsOf(text: string | undefined): Readonly<Record<string, string>> {
  try {
    return JSON.parse(text ?? '{}') as Record<string, string>;
  } catch {
    // A secret that holds one value alone.
    return {};
  }
}
