import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * Fills a template, a file under `templates/`: every `@name@` becomes its value, passed through the format's escaper, so
 * that no template can forget to quote.
 * @throws Error (a bug) where template and values do not have the same names
 */
export async function fillTemplate(
  name: string,
  values: Readonly<Record<string, string>>,
  quote: (value: string) => string,
): Promise<string> {
  const template = await readFile(fileURLToPath(import.meta.resolve(`#templates/${name}`)), 'utf8');
  const used = new Set<string>();
  const text = template.replace(/@([a-z]+)@/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`template ${name} wants ${key}`);
    used.add(key);
    return quote(value);
  });
  const unused = Object.keys(values).filter((key) => !used.has(key));
  if (unused.length > 0) throw new Error(`template ${name} does not use ${unused.join(', ')}`);
  return text;
}
