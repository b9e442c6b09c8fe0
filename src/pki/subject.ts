import { UserError } from '../core/errors.ts';

/** An attribute of a distinguished name. */
export interface SubjectAttribute {
  readonly type: AttributeType;
  readonly value: string;
}

/** Attribute types by name (RFC 4514, section 3; `openssl req`), with their object identifiers. */
export const ATTRIBUTE_TYPES = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  serialNumber: '2.5.4.5',
  emailAddress: '1.2.840.113549.1.9.1',
} as const;

export type AttributeType = keyof typeof ATTRIBUTE_TYPES;

/** Maximum lengths in characters (RFC 5280, appendix A.1). */
const MAX_LENGTH: Readonly<Record<AttributeType, number>> = {
  CN: 64,
  C: 2,
  L: 128,
  ST: 128,
  STREET: 128,
  O: 64,
  OU: 64,
  serialNumber: 64,
  emailAddress: 255,
};

/**
 * Parses `O=Acme\, Inc.,OU=Platform,C=DE` (RFC 4514: a backslash before a special character or two hexadecimal digits;
 * attributes in the order given). A `+` that joins two attributes, and values in hexadecimal, are rejected.
 * @throws UserError `SPACECTL_BAD_INPUT` that names the attribute
 */
export function parseSubject(text: string): readonly SubjectAttribute[] {
  return splitAttributes(text).map((part) => {
    const equals = part.indexOf('=');
    if (equals < 1) throw bad(`"${part}" is not TYPE=VALUE`);
    const joined = JOINED.exec(part)?.[1];
    if (joined !== undefined)
      throw bad(`"${part}": put a comma before ${joined} for an attribute of its own, or a backslash before the +`);
    const value = part.slice(equals + 1);
    if (HEXADECIMAL.test(value)) throw bad(`"${part}": write the value as text, or put a backslash before the #`);
    return attribute(part.slice(0, equals).trim(), unescapeValue(value));
  });
}

/** Matches a `+` that is not escaped and joins two attributes into one (RFC 4514, section 2.2), which no CA asks for. */
const JOINED =
  /^(?:\\.|[^\\+]|\+(?!\s*(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=))*\+\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=/su;

/** Matches the encoding of a value in hexadecimal (RFC 4514, section 2.4). */
const HEXADECIMAL = /^\s*#(?:[0-9A-Fa-f]{2})+\s*$/;

/** Creates an attribute after checking the rules of its type. @throws UserError `SPACECTL_BAD_INPUT` */
export function attribute(name: string, value: string): SubjectAttribute {
  const types = Object.keys(ATTRIBUTE_TYPES) as AttributeType[];
  const type = types.find((each) => each.toLowerCase() === name.toLowerCase());
  if (!type) throw bad(`"${name}" is not an attribute type. Use one of ${types.join(', ')}`);
  if (value === '') throw bad(`${type} is empty`);
  if (type === 'C' && !/^[A-Z]{2}$/.test(value)) throw bad(`C "${value}" is not a country code of two capital letters`);
  if ([...value].length > MAX_LENGTH[type]) throw bad(`${type} is longer than ${MAX_LENGTH[type]} characters`);
  if (/\p{Cc}/u.test(value)) throw bad(`${type} contains a control character`);
  if (type === 'emailAddress' && !/^[\x21-\x3f\x41-\x7e]+@[\x21-\x7e]+$/.test(value))
    throw bad(`emailAddress "${value}" is not an email address`);
  if (type === 'serialNumber' && !/^[A-Za-z0-9 '()+,\-./:=?]+$/.test(value)) {
    throw bad(`serialNumber "${value}" may contain only letters, digits, spaces and '()+,-./:=?`);
  }
  return { type, value };
}

/** Splits a text at commas that are not escaped. */
function splitAttributes(text: string): readonly string[] {
  return (text.match(/(?:\\.|[^\\,]|\\$)+/gsu) ?? []).map((part) => part.replace(/^\s+/, ''));
}

/** Resolves escapes (RFC 4514, section 2.4), and removes white space around the value that is not escaped. */
function unescapeValue(text: string): string {
  const tokens = text.match(/\\.|[^\\]|\\$/gsu) ?? [];
  if (tokens.some((token) => /^["<>;]$/.test(token))) throw bad(`"${text}": put a backslash before " < > ;`);
  if (tokens.at(-1) === '\\') throw bad(`"${text}" ends in a backslash`);
  // Other white space, such as U+00A0, is kept.
  const isText = (token: string) => !/^[ \t\r\n]$/.test(token);
  return tokens
    .slice(tokens.findIndex(isText), tokens.findLastIndex(isText) + 1)
    .join('')
    .replace(/(?:\\[0-9A-Fa-f]{2})+|\\(.)/gsu, (sequence, character: string | undefined) =>
      character === undefined ? Buffer.from(sequence.replaceAll('\\', ''), 'hex').toString('utf8') : character,
    );
}

function bad(what: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', what, {
    suggestions: ['Pass --subject "O=Acme\\, Inc.,OU=Platform,C=DE"'],
  });
}
