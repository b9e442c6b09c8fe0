/** What the first words of a command line stand for. */
export type ResolvedName<Id extends string> =
  | { readonly kind: 'command'; readonly id: Id; readonly rest: readonly string[] }
  /** Words that commands start with; without any words it is the program itself, with an empty id. */
  | { readonly kind: 'topic'; readonly id: string; readonly rest: readonly string[] }
  | UnknownName;

/** A word that is not part of any command: the words before it, and the words that would be valid in its place. */
export interface UnknownName {
  readonly kind: 'unknown';
  readonly topic: readonly string[];
  readonly word: string;
  readonly siblings: readonly string[];
}

/**
 * Finds the command or topic that a command line starts with. Also accepts an id: `keypair:generate`.
 * @param ids of all commands: words joined by colons
 */
export function resolveName<Id extends string>(argv: readonly string[], ids: readonly Id[]): ResolvedName<Id> {
  const end = argv.findIndex((argument) => argument.startsWith('-'));
  const words = argv.slice(0, end < 0 ? undefined : end);
  for (const [depth, word] of words.entries()) {
    const name = words.slice(0, depth + 1).join(':');
    const id = ids.find((each) => each === name);
    if (id) return { kind: 'command', id, rest: argv.slice(depth + 1) };
    if (!ids.some((each) => each.startsWith(`${name}:`))) return unknownName(words.slice(0, depth), word, ids);
  }
  return { kind: 'topic', id: words.join(':'), rest: argv.slice(words.length) };
}

function unknownName(topic: readonly string[], word: string, ids: readonly string[]): UnknownName {
  const inTopic = ids.map((id) => id.split(':')).filter((parts) => topic.every((each, at) => parts[at] === each));
  return { kind: 'unknown', topic, word, siblings: [...new Set(inTopic.map((parts) => parts[topic.length] ?? ''))] };
}
