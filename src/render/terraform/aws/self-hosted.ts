import { UserError } from '../../../core/errors.ts';
import { expression, type Value } from '../../format/hcl/hcl.ts';
import type { Module } from '../releases/index.ts';

type Own = Readonly<Record<string, Value>>;

/** Whether the launcher, and `configuration` with it, runs as root on self-hosted hosts. */
export function runsAsRoot(own: Own): boolean {
  const given = own['selfhosted_configuration'] as Readonly<Record<string, Value>> | undefined;
  return given?.['run_launcher_as_spacelift_user'] === false;
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
