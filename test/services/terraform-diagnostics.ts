import { terraform } from './terraform.ts';

/** What Terraform says of a configuration, as its `-json` output has it. */
interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail?: string;
  /** The resource, where it is about one. */
  readonly address?: string;
  readonly range?: { readonly filename: string; readonly start: { readonly line: number } };
}

/** A warning of every `check` block of a stand-in whose condition waits for a resource: it is evaluated on apply. */
const POSTPONED = 'Check block assertion known after apply';

/** Runs Terraform and returns what it prints. @throws Error with its words where it fails */
export async function terraformOrThrow(folder: string, ...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await terraform(folder, ...args);
  if (exitCode === 0) return stdout;
  throw new Error(`terraform ${args[0]}:\n${stdout}${stderr}`);
}

/**
 * Runs a command of Terraform that takes `-json`: validate, plan, apply, destroy.
 * @throws Error with each diagnostic and its place where it fails or warns
 */
export async function refuseDiagnostics(folder: string, ...args: readonly string[]): Promise<void> {
  const [command = '', ...rest] = args;
  const { exitCode, stdout, stderr } = await terraform(folder, command, '-json', ...rest);
  const problems = diagnosticsIn(stdout).filter(({ summary }) => summary !== POSTPONED);
  if (exitCode === 0 && problems.length === 0) return;
  throw new Error(`terraform ${command}:\n${stderr}${problems.map(describe).join('\n')}`);
}

/** Reads diagnostics: `validate` prints one document, the others a line for each event. */
export function diagnosticsIn(stdout: string): readonly Diagnostic[] {
  if (stdout.startsWith('{\n')) return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { diagnostic?: Diagnostic })
    .flatMap(({ diagnostic }) => diagnostic ?? []);
}

function describe({ severity, summary, detail, address, range }: Diagnostic): string {
  const place = address ?? (range && `${range.filename}:${range.start.line}`) ?? 'terraform';
  return `${place}: ${severity}: ${summary}: ${detail ?? ''}`;
}
