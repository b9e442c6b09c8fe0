/** The type of a module's input, read from Terraform's own notation. */
export type Type = 'any' | 'string' | 'number' | 'bool' | ListType | MapType | ObjectType;
interface ListType {
  readonly list: Type;
}
interface MapType {
  readonly map: Type;
}
interface ObjectType {
  readonly object: Readonly<Record<string, Type>>;
  /** The required attributes. */
  readonly required: readonly string[];
}

/**
 * Reads a type constraint, such as `map(object({ value = optional(string), sensitive = optional(bool, false) }))`.
 * Rules: Terraform language, "Type Constraints"; defaults of optional attributes are ignored.
 * @throws Error (a bug: the texts are ours) for anything else
 */
export function parseType(text: string): Type {
  const tokens = text.match(/"[^"]*"|\w+|[(){},=]/g) ?? [];
  let at = 0;
  const next = () => tokens[at++] ?? '';
  const expect = (token: string) => {
    if (next() !== token) throw new Error(`type "${text}": no ${token} at token ${at}`);
  };
  const inBrackets = <T>(read: () => T): T => {
    expect('(');
    const inner = read();
    expect(')');
    return inner;
  };

  function type(): Type {
    const word = next();
    if (word === 'any' || word === 'string' || word === 'number' || word === 'bool') return word;
    if (word === 'list') return { list: inBrackets(type) };
    if (word === 'map') return { map: inBrackets(type) };
    if (word === 'object') return inBrackets(object);
    throw new Error(`type "${text}": ${word} is not a type`);
  }
  function object(): ObjectType {
    const attributes: [name: string, type: Type][] = [];
    const required: string[] = [];
    expect('{');
    while (tokens[at] !== '}') {
      const name = next();
      expect('=');
      if (tokens[at] === 'optional') {
        next();
        attributes.push([name, inBrackets(optional)]);
      } else {
        required.push(name);
        attributes.push([name, type()]);
      }
      if (tokens[at] === ',') next();
    }
    expect('}');
    return { object: Object.fromEntries(attributes), required };
  }
  function optional(): Type {
    const inner = type();
    if (tokens[at] === ',') {
      next();
      skipLiteral();
    }
    return inner;
  }
  function skipLiteral(): void {
    if (next() === '{') expect('}');
  }

  const read = type();
  if (at !== tokens.length) throw new Error(`type "${text}": something follows`);
  return read;
}
