import { UserError } from '../../../core/errors.ts';
import { expression, type Value } from '../../format/hcl/hcl.ts';
import type { Module } from '../releases/index.ts';

type Own = Readonly<Record<string, Value>>;

/** Tells whether the launcher and `configuration` run as root on self-hosted hosts. */
export function runsAsRoot(own: Own): boolean {
  const given = own['selfhosted_configuration'] as Readonly<Record<string, Value>> | undefined;
  return given?.['run_launcher_as_spacelift_user'] === false;
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
