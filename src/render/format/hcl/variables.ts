import {
  BLANK,
  block,
  type Expression,
  formatHcl,
  formatValue,
  type Item,
  quoteForHcl,
  reference,
  type Value,
} from './hcl.ts';

/** A variable of a root module. */
export interface Variable {
  readonly name: string;
  readonly type: 'string' | 'number' | 'list(string)';
  readonly description: string;
  /** Its default: what was answered. Without one, whoever applies the configuration has to give it. */
  readonly value?: Value | undefined;
  /** What a value looks like, for the example file. */
  readonly example: Value;
  /** Never in a file: given as `TF_VAR_…`. */
  readonly isSensitive?: boolean;
  /** A regular expression (RE2) that the value, or each value of a list, matches; and what that means in words. */
  readonly pattern?: readonly [pattern: string, meaning: string];
}

/** The expression that reads a variable. */
export function use(name: string): Expression {
  return reference(`var.${name}`);
}

/** `variables.tf` */
export function formatVariables(variables: readonly Variable[]): string {
  return formatHcl(variables.flatMap((each): Item[] => [BLANK, declare(each)]));
}

function declare({ name, type, description, value, isSensitive, pattern }: Variable): Item {
  const body: Item[] = [
    {
      type: reference(type),
      description,
      default: value,
      sensitive: isSensitive ? true : undefined,
      nullable: value === null ? undefined : false,
    },
  ];
  if (pattern) body.push(BLANK, validation(name, type, pattern, value === null));
  return block('variable', [name], ...body);
}

function validation(
  name: string,
  type: string,
  [pattern, meaning]: readonly [string, string],
  isNullable: boolean,
): Item {
  const matches = (subject: string) => `can(regex(${quoteForHcl(pattern)}, ${subject}))`;
  const whole =
    type === 'list(string)'
      ? `alltrue([for each in var.${name} : ${matches('each')}])`
      : `${isNullable ? `var.${name} == null || ` : ''}${matches(`var.${name}`)}`;
  return block('validation', [], { condition: reference(whole), error_message: `${name} takes ${meaning}.` });
}

/** `terraform.tfvars.example`: what has to be given, then what may be changed. Nothing that is secret. */
export function formatExample(variables: readonly Variable[]): string {
  const lines = variables.map(({ name, description, value, example, isSensitive }) => {
    if (isSensitive) return `# ${description}\n# Secret: export TF_VAR_${name} instead of writing it here.\n`;
    const isGiven = value !== undefined;
    const assignment = `${name} = ${formatValue(isGiven && value !== null ? value : example, 0)}`;
    const text = isGiven ? assignment.replace(/^/gm, '# ') : assignment;
    return `# ${description}\n${text}\n`;
  });
  return `# Copy to terraform.tfvars. Lines that are commented out show what the configuration has already.\n\n${lines.join('\n')}`;
}
