import type { InputFacts, ModuleFacts } from './facts.ts';

/** Rules that the facts put into words, by those words: a condition in HCL, with `x` for the variable. */
const RULES: Readonly<Record<string, string>> = {
  'version: "latest" or starts with "v"': 'can(regex("^(latest$|v)", coalesce(try(x.version, null), "latest")))',
  'version: "stable", "latest" or starts with "v"':
    'can(regex("^(stable$|latest$|v)", coalesce(try(x.version, null), "stable")))',
  'sensitive = true requires value': 'alltrue([for entry in values(x) : !entry.sensitive || entry.value != null])',
};

/** Generates `variables.tf`: every input with its type, default and checks, and all of them as `local.inputs`. */
export function variablesOf({ name: release, variables }: ModuleFacts): string {
  const names = Object.keys(variables);
  const inputs = names.map((name) => `    ${name} = var.${name}\n`).join('');
  const declared = names.map((name) => declare(release, name, variables[name] as InputFacts));
  return `${declared.join('\n')}\nlocals {\n  inputs = {\n${inputs}  }\n}\n`;
}

function declare(release: string, name: string, facts: InputFacts): string {
  const lines = [
    // A type that was not read takes anything.
    `type = ${facts.required === null ? 'any' : facts.type}`,
    `nullable = ${facts.nullable}`,
    ...(facts.required === true ? [] : [`default = ${JSON.stringify(facts.default ?? null)}`]),
    ...(facts.sensitive ? ['sensitive = true'] : []),
    ...conditionsOf(name, facts).map(
      (condition) =>
        `validation {\n    condition = ${condition}\n    error_message = "${release} does not allow this value of ${name}."\n  }`,
    ),
  ];
  return `variable "${name}" {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

function conditionsOf(name: string, { allowed, pattern }: InputFacts): readonly string[] {
  const variable = `var.${name}`;
  const unlessNull = (condition: string) => `${variable} == null ? true : ${condition}`;
  return [
    ...(allowed ? [unlessNull(`contains(${JSON.stringify(allowed)}, ${variable})`)] : []),
    ...(pattern?.startsWith('^') ? [unlessNull(`can(regex(${JSON.stringify(pattern)}, ${variable}))`)] : []),
    ...(pattern && !pattern.startsWith('^') ? [inWords(pattern).replaceAll(/\bx\b/g, variable)] : []),
  ];
}

function inWords(rule: string): string {
  const condition = RULES[rule];
  if (condition === undefined) throw new Error(`No condition is known for the rule "${rule}"`);
  return condition;
}
