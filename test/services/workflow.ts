import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { temporaryFolder } from './temporary.ts';

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly shell: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

/**
 * Runs the steps of a composite action as GitHub's runner does: each in `bash --noprofile --norc -e -o pipefail`
 * (actions/runner, src/Runner.Worker/Handlers/ScriptHandlerHelpers.cs), outputs as lines `NAME=VALUE` of the file in
 * GITHUB_OUTPUT (FileCommandManager.cs), inputs and outputs by expressions. Of expressions, only what the action uses is known;
 * anything else is an error.
 * @param folder of the action, GITHUB_ACTION_PATH
 * @returns its outputs, and what it printed
 */
export async function runAction(
  folder: string,
  given: Readonly<Record<string, string>>,
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
) {
  const action: Action = parse(await readFile(path.join(folder, 'action.yml'), 'utf8'));
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, each]) => [name, given[name] ?? each.default]),
  );
  const outputs = new Map<string, string>();
  const evaluate = (expression: string): string => {
    const [, input, step, output] =
      /^inputs\.([\w-]+)$|^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(expression.trim()) ?? [];
    const value = input === undefined ? outputs.get(`${step}.${output}`) : inputs[input];
    if (value === undefined) throw new Error(`the expression ${expression} has no value`);
    return value;
  };
  const fill = (text: string) => text.replace(/\$\{\{(.*?)\}\}/g, (_, expression) => evaluate(expression));
  const holds = (condition: string) => {
    const [, expression = '', literal] = /^(.*) == '(.*)'$/.exec(condition) ?? [];
    return evaluate(expression) === literal;
  };
  let stdout = '';
  for (const step of action.runs.steps) {
    if (step.shell !== 'bash') throw new Error(`a step for ${step.shell}`);
    if (step.if !== undefined && !holds(step.if)) continue;
    const temporary = await temporaryFolder();
    const [script, output] = [path.join(temporary, 'script.sh'), path.join(temporary, 'output')];
    await writeFile(script, fill(step.run));
    await writeFile(output, '');
    const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value)]));
    const variables = {
      ...env,
      ...own,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION_PATH: folder,
      GITHUB_OUTPUT: output,
    };
    stdout += (await execa('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], { cwd, env: variables }))
      .stdout;
    for (const line of (await readFile(output, 'utf8')).split('\n').filter(Boolean)) {
      const [, name, value = ''] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
      if (name === undefined) throw new Error(`not an output: ${line}`);
      outputs.set(`${step.id}.${name}`, value);
    }
  }
  const results = Object.entries(action.outputs).map(([name, { value }]) => [name, fill(value)] as const);
  return { outputs: Object.fromEntries(results), stdout };
}
