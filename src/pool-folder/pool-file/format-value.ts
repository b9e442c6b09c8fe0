/** A value of the file: text, yes or no, or a list of texts. `undefined` and an empty list take the key out. */
export type PoolValue = string | boolean | readonly string[] | undefined;

/** Formats a value for a line of its own: what every reader of YAML 1.1 and 1.2 takes for this text. */
export function formatValue(value: Exclude<PoolValue, undefined>): string {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? scalarOf(value) : `[${value.map(scalarOf).join(', ')}]`;
}

/** Formats one text. */
export function scalarOf(text: string): string {
  const isWord = /^[a-z_/.][\w./@+=-]*(?::[\w./@+-]+)*$/i.test(text);
  const isSpecial = /^(?:y|n|yes|no|on|off|true|false|null|\.\.\.|\.inf|\.nan|\.[\d_].*)$/i.test(text);
  return (isWord && !isSpecial) || /^[1-9]\d{0,8}$/.test(text) ? text : escapeUnsafe(JSON.stringify(text));
}

/** What YAML does not count as printable, or takes for a line break in one of its versions (YAML 1.2.2, 5.1; 1.1, 5.4). */
function escapeUnsafe(quoted: string): string {
  return quoted.replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** In a flow collection every text is quoted: it may also be JSON. */
export function formatFlow(value: Exclude<PoolValue, undefined>): string {
  return escapeUnsafe(JSON.stringify(value)).replaceAll('","', '", "');
}

/** Lines of one key: a list has a line for each of its items, so that one can be added or commented out. */
export function linesOf(key: string, value: Exclude<PoolValue, undefined>, indent: string): readonly string[] {
  if (typeof value === 'boolean' || typeof value === 'string' || value.length === 0)
    return [`${indent}${key}: ${formatValue(value)}`];
  return [`${indent}${key}:`, ...value.map((each) => `${indent}  - ${scalarOf(each)}`)];
}
