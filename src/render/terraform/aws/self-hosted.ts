import { UserError } from '../../../core/errors.ts';
import { expression, type Value } from '../../format/hcl/hcl.ts';
import type { Module } from '../releases/index.ts';

type Own = Readonly<Record<string, Value>>;

/** Whether the launcher, and `configuration` with it, runs as root on self-hosted hosts. */
export function runsAsRoot(own: Own): boolean {
  return configurationIn(own)?.['run_launcher_as_spacelift_user'] === false;
}

function configurationIn(own: Own): Readonly<Record<string, Value>> | undefined {
  const given = own['selfhosted_configuration'];
  return given ? (given as Readonly<Record<string, Value>>) : undefined;
}

/** Refuses a self-hosted launcher that only the module would know of. @throws UserError `SPACECTL_BAD_INPUT` */
export function refuseHiddenLauncher(own: Own): void {
  const uri = configurationIn(own)?.['s3_uri'];
  if (!uri) return;
  throw new UserError('SPACECTL_BAD_INPUT', '--module-input selfhosted_configuration: s3_uri has a flag of its own', {
    suggestions: [`--self-hosted-launcher ${String(uri)}`],
  });
}

/**
 * Refuses values that the self-hosted script would take for its own text: proxies stand in double quotes within it, and a
 * line `EOF` ends its here-document (user_data/selfhosted.tftpl@e09770e).
 * @throws UserError `SPACECTL_BAD_INPUT`
 */
export function refuseUnsafeScript(env: readonly (readonly [name: string, value: string])[], own: Own): void {
  const theirs = Object.entries(configurationIn(own) ?? {}).filter(([name]) => name.endsWith('_proxy_config'));
  const proxies = [...env.filter(([name]) => /^(?:HTTPS?|NO)_PROXY$/.test(name)), ...theirs];
  const unsafe = proxies.find(([, value]) => /["\\$`\p{Cc}]/u.test(String(value)));
  if (unsafe) {
    throw new UserError(
      'SPACECTL_BAD_INPUT',
      `${unsafe[0]}: the self-hosted script of the module takes no quotes, backslashes, backquotes, $ or control characters in it`,
    );
  }
  const ending = env.find(([, value]) => /^EOF$/m.test(value));
  if (!ending) return;
  throw new UserError('SPACECTL_BAD_INPUT', `--env ${ending[0]}: a line EOF ends the self-hosted script of the module`);
}

/** The certificates that the user has the module paste into the script, PEM. */
export function pastedCertificates(own: Own): readonly string[] {
  const given = configurationIn(own)?.['ca_certificates'];
  return Array.isArray(given) ? given.map(String) : [];
}

/**
 * Refuses what needs root where `configuration` runs as the user spacelift (user_data/selfhosted.tftpl@e09770e).
 * @throws UserError `SPACECTL_BAD_INPUT` with the alternatives
 */
export function refuseRootWork(module: Module, own: Own, needsRoot: boolean): void {
  if (!needsRoot || runsAsRoot(own)) return;
  const isEarly = 'pre_launch_user_data' in module.inputs;
  throw new UserError(
    'SPACECTL_BAD_INPUT',
    'The CA bundle is written by root, and on self-hosted AWS hosts configuration runs as the user spacelift',
    {
      suggestions: [
        `--module-input 'selfhosted_configuration={"run_launcher_as_spacelift_user":false}' runs it, and the launcher, as root`,
        '--ca-delivery none --trust-on-host: the hosts trust your certificates, through the module; runner images have to bring their own',
        ...(isEarly ? ['--module-input pre_launch_user_data=TEXT runs as root before the launcher'] : []),
      ],
    },
  );
}

/**
 * Escapes text for the here-document that becomes the launcher's script: its delimiter is not quoted, so that the shell
 * that writes it evaluates `$`, backquote and backslash (user_data/selfhosted.tftpl@e09770e).
 */
export function forHereDocument(configuration: Value): Value {
  return expression`replace(${configuration}, "/[\\\\$\`]/", "\\\\$0")`;
}

/** Counts the bytes that the escaping of a text adds. */
export function escapesIn(text: string): number {
  return text.match(/[\\$`]/g)?.length ?? 0;
}
