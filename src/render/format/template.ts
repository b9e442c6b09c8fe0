import { readPackageFile } from '../../core/package-files.ts';

/** The conditions that lines of a template depend on. A number is a version, and a line names the minimum it needs. */
export type Conditions = Readonly<Record<string, boolean | number>>;

/**
 * Fills a template, a file under `templates/`. A line `#include NAME` becomes the lines of that template. Every `@name@` becomes its value, passed through the format's escaper, so no
 * template can forget to quote. A line that starts with `#?name ` is kept, without that prefix, if the condition holds;
 * `#?!name ` if it does not; `#?name>=247 ` if the version is at least that.
 * @throws Error (a bug) if the template and the values do not have the same names
 */
export async function fillTemplate(
  name: string,
  values: Readonly<Record<string, string>>,
  quote: (value: string) => string,
  conditions: Conditions = {},
): Promise<string> {
  const template = readTemplate(name).replace(
    /^#\?(!?)([a-z][a-z0-9]*)(?:>=(\d+))? (.*\n)/gm,
    (_, not, key, least, rest) => {
      const condition = conditions[key];
      if (condition === undefined) throw new Error(`template ${name} needs the condition ${key}`);
      const holds = typeof condition === 'number' ? condition >= Number(least ?? 1) : condition;
      return holds === (not === '') ? rest : '';
    },
  );
  const used = new Set<string>();
  const text = template.replace(/@([a-z]+)@/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`template ${name} needs ${key}`);
    used.add(key);
    return quote(value);
  });
  const unused = Object.keys(values).filter((key) => !used.has(key));
  if (unused.length > 0) throw new Error(`template ${name} does not use ${unused.join(', ')}`);
  return text;
}

/** Reads a template and the parts that it includes, which include nothing themselves. */
function readTemplate(name: string): string {
  const text = readPackageFile(`templates/${name}`);
  return text.replace(/^#include (\S+)\n/gm, (_, part) => readPackageFile(`templates/${part}`));
}
