/** Characters that control a terminal or hide from its reader: controls, formats such as a change of direction, line ends. */
const UNSAFE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** How people write the usual ones. */
const NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Makes unsafe characters visible: text from files and other machines must not break lines or control the terminal.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (each) => NAMES[each] ?? `\\u{${each.codePointAt(0)?.toString(16)}}`);
}

/** Makes unsafe characters visible in text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** Makes the texts of a document printable. Anything but texts, arrays and plain objects stays as it is. */
export function printableValues<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map(printableValues) as T;
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, printableValues(each)])) as T;
}

/** Formats a JSON document whose texts are safe to show: JSON's own escapes leave half of what is unsafe. */
export function printableJson(document: unknown, indent?: number): string {
  const text = JSON.stringify(document, null, indent);
  return `${text.replace(UNSAFE, (each) => (each === '\n' ? each : unitsOf(each)))}\n`;
}

/** Writes a character as JSON does: by its UTF-16 units. */
function unitsOf(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
