/** What the first words of a command line name. */
export type Named<Id extends string> =
  | { readonly kind: 'command'; readonly id: Id; readonly rest: readonly string[] }
  /** Words that commands start with; no words at all are the program itself, with an empty id. */
  | { readonly kind: 'topic'; readonly id: string; readonly rest: readonly string[] }
  | Foreign;

/** A word that leads to no command: after which words, and what could stand in its place. */
export interface Foreign {
  readonly kind: 'foreign';
  readonly topic: readonly string[];
  readonly word: string;
  readonly siblings: readonly string[];
}

/**
 * Finds the command or topic that a command line starts with. An id is taken as well: `keypair:generate`.
 * @param ids of all commands: words joined by colons
 */
export function resolveName<Id extends string>(argv: readonly string[], ids: readonly Id[]): Named<Id> {
  const end = argv.findIndex((argument) => argument.startsWith('-'));
  const words = argv.slice(0, end < 0 ? undefined : end);
  for (const [depth, word] of words.entries()) {
    const name = words.slice(0, depth + 1).join(':');
    const id = ids.find((each) => each === name);
    if (id) return { kind: 'command', id, rest: argv.slice(depth + 1) };
    if (!ids.some((each) => each.startsWith(`${name}:`))) return foreign(words.slice(0, depth), word, ids);
  }
  return { kind: 'topic', id: words.join(':'), rest: argv.slice(words.length) };
}

function foreign(topic: readonly string[], word: string, ids: readonly string[]): Foreign {
  const inTopic = ids.map((id) => id.split(':')).filter((parts) => topic.every((each, at) => parts[at] === each));
  return { kind: 'foreign', topic, word, siblings: [...new Set(inTopic.map((parts) => parts[topic.length] ?? ''))] };
}
