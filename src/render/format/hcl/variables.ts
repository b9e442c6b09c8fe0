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
  /** Its default, from the answers. Without one, the user must set it when applying the configuration. */
  readonly value?: Value | undefined;
  /** A sample value, for the example file. */
  readonly example: Value;
  /** Whether it is never in a file, only in `TF_VAR_…`. */
  readonly isSensitive?: boolean;
  /** A regular expression (RE2) that the value, or each value of a list, must match, and its meaning in words. */
  readonly pattern?: readonly [pattern: string, meaning: string];
}

/** Returns the expression that reads a variable. */
export function use(name: string): Expression {
  return reference(`var.${name}`);
}

/** Formats `variables.tf`. */
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
  return block('validation', [], { condition: reference(whole), error_message: `${name} must be ${meaning}.` });
}

/** Formats `terraform.tfvars.example`: a value for each variable that must be set, and defaults commented out. No secrets. */
export function formatExample(variables: readonly Variable[]): string {
  const lines = variables.map(({ name, description, value, example, isSensitive }) => {
    if (isSensitive) return `# ${description}\n# Secret: export TF_VAR_${name} instead of writing it here.\n`;
    const isGiven = value !== undefined;
    const assignment = `${name} = ${formatValue(isGiven && value !== null ? value : example, 0)}`;
    const text = isGiven ? assignment.replace(/^/gm, '# ') : assignment;
    return `# ${description}\n${text}\n`;
  });
  return `# Copy to terraform.tfvars. Lines that are commented out show the defaults.\n\n${lines.join('\n')}`;
}
