import { UserError } from '../../../core/errors.ts';
import { expression, type Value } from '../../format/hcl/hcl.ts';
import type { Module } from '../releases/index.ts';

type Own = Readonly<Record<string, Value>>;

/** Tells whether the launcher and `configuration` run as root on self-hosted hosts. */
export function runsAsRoot(own: Own): boolean {
  return configurationIn(own)?.['run_launcher_as_spacelift_user'] === false;
}

function configurationIn(own: Own): Readonly<Record<string, Value>> | undefined {
  const given = own['selfhosted_configuration'];
  return given ? (given as Readonly<Record<string, Value>>) : undefined;
}

/** Refuses a self-hosted launcher that is not passed by its own flag. @throws UserError `SPACECTL_BAD_INPUT` */
export function refuseHiddenLauncher(own: Own): void {
  const uri = configurationIn(own)?.['s3_uri'];
  if (!uri) return;
  throw new UserError('SPACECTL_BAD_INPUT', '--module-input selfhosted_configuration: pass s3_uri with its own flag', {
    suggestions: [`Pass --self-hosted-launcher ${String(uri)}`],
  });
}

/**
 * Refuses values that would change the self-hosted script: proxies are in double quotes in it, and a line `EOF` ends its
 * here-document (user_data/selfhosted.tftpl@e09770e).
 * @throws UserError `SPACECTL_BAD_INPUT`
 */
export function refuseUnsafeScript(env: readonly (readonly [name: string, value: string])[], own: Own): void {
  const theirs = Object.entries(configurationIn(own) ?? {}).filter(([name]) => name.endsWith('_proxy_config'));
  const proxies = [...env.filter(([name]) => /^(?:HTTPS?|NO)_PROXY$/.test(name)), ...theirs];
  const unsafe = proxies.find(([, value]) => /["\\$`\p{Cc}]/u.test(String(value)));
  if (unsafe) {
    throw new UserError(
      'SPACECTL_BAD_INPUT',
      `${unsafe[0]}: the module's self-hosted script cannot hold quotes, backslashes, backquotes, $ or control characters in a proxy`,
    );
  }
  const ending = env.find(([, value]) => /^EOF$/m.test(value));
  if (!ending) return;
  throw new UserError('SPACECTL_BAD_INPUT', `--env ${ending[0]}: a line EOF would end the module's self-hosted script`);
}

/** Returns the certificates that the user passes to the module for its script, PEM. */
export function pastedCertificates(own: Own): readonly string[] {
  const given = configurationIn(own)?.['ca_certificates'];
  return Array.isArray(given) ? given.map(String) : [];
}

/**
 * Refuses work that needs root if `configuration` runs as the user spacelift (user_data/selfhosted.tftpl@e09770e).
 * @throws UserError `SPACECTL_BAD_INPUT` with the alternatives
 */
export function refuseRootWork(module: Module, own: Own, needsRoot: boolean): void {
  if (!needsRoot || runsAsRoot(own)) return;
  const isEarly = 'pre_launch_user_data' in module.inputs;
  throw new UserError(
    'SPACECTL_BAD_INPUT',
    'Only root can write the CA bundle, but on self-hosted AWS hosts configuration runs as the user spacelift',
    {
      suggestions: [
        `Run configuration and the launcher as root: --module-input 'selfhosted_configuration={"run_launcher_as_spacelift_user":false}'`,
        'Let only the hosts trust your certificates, and use runner images that include them: --ca-delivery none --trust-on-host',
        ...(isEarly ? ['Run commands as root before the launcher: --module-input pre_launch_user_data=TEXT'] : []),
      ],
    },
  );
}

/**
 * Escapes text for the here-document that becomes the launcher's script. Its delimiter is not quoted, so the shell that
 * writes it evaluates `$`, backquote and backslash (user_data/selfhosted.tftpl@e09770e).
 */
export function forHereDocument(configuration: Value): Value {
  return expression`replace(${configuration}, "/[\\\\$\`]/", "\\\\$0")`;
}

/** Counts the bytes that escaping adds to a text. */
export function escapesIn(text: string): number {
  return text.match(/[\\$`]/g)?.length ?? 0;
}
