import { redact } from '../../src/core/secrets.ts';
import { printableJson } from './printable.ts';
import { hasUnicode, toAscii } from './screen/ascii.ts';

/**
 * Puts a guard on both streams. Whatever is written as text passes it, that of libraries and of `DEBUG=*` included:
 * secrets are removed, and of the characters that control a terminal only those that draw are let through. Bytes are
 * results, such as a key in base64, and pass as they are.
 */
export function guardOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
    // Results stay as they are: they may go to another program.
    const shown = stream === process.stderr && stream.isTTY && !hasUnicode(process.env) ? toAscii : String;
    const guarded = (chunk: unknown, ...rest: unknown[]) =>
      write(typeof chunk === 'string' ? shown(visible(redact(chunk))) : chunk, ...rest);
    stream.write = guarded as typeof stream.write;
  }
}

/** Colours, cursor movements and clearing (ECMA-48, 8.3), which prompts and task lists use. */
const DRAWING = String.raw`\u001b\[\??[\d;]*[A-HJKSTfhlmnsu]`;
const UNSAFE = new RegExp(
  String.raw`${DRAWING}|[\u0000-\u0006\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]`,
  'g',
);

function visible(text: string): string {
  return text.replace(UNSAFE, (each) => (each.length > 1 ? each : `\\u{${each.charCodeAt(0).toString(16)}}`));
}

/** Prints a result, for people or for the next program. Bytes are printed exactly, even if they are a secret. */
export function print(result: string | Uint8Array): void {
  process.stdout.write(result);
}

/** Prints a result as a JSON document. @param indent spaces; a document on one line without */
export function printDocument(document: unknown, indent?: number): void {
  print(printableJson(document, indent));
}

/** Prints a line for the user on stderr. */
export function say(text: string): void {
  write(`${text}\n`);
}

/** Writes a part of a line for the user, such as a prompt, to stderr. */
export function write(text: string): void {
  process.stderr.write(text);
}
