// How systemd reads an EnvironmentFile=: systemd/systemd, src/basic/env-file.c (parse_env_file_internal) and
// src/basic/env-util.c (env_assignment_is_valid), v252.
const NEWLINE = '\n\r';
const WHITESPACE = ' \t\n\r';

/** Each state takes a character and says the next one; what it collects is in the pair that is being read. */
const STATES = {
  preKey: (c) => (isIn('#;', c) ? 'comment' : isIn(WHITESPACE, c) ? 'preKey' : { next: 'key', key: c }),
  key: (c) => (isIn(NEWLINE, c) ? 'dropped' : c === '=' ? 'preValue' : { next: 'key', key: c }),
  preValue: (c) => {
    if (isIn(NEWLINE, c)) return 'done';
    if (c === "'") return 'single';
    if (c === '"') return 'double';
    if (c === '\\') return 'valueEscape';
    return isIn(WHITESPACE, c) ? 'preValue' : { next: 'value', value: c };
  },
  value: (c) => (isIn(NEWLINE, c) ? 'trimmed' : c === '\\' ? 'valueEscape' : { next: 'value', value: c, isBare: true }),
  // An escaped newline goes away.
  valueEscape: (c) => (isIn(NEWLINE, c) ? 'value' : { next: 'value', value: c }),
  single: (c) => (c === "'" ? 'preValue' : { next: 'single', value: c }),
  double: (c) => (c === '"' ? 'preValue' : c === '\\' ? 'doubleEscape' : { next: 'double', value: c }),
  doubleEscape: (c) => {
    if (isIn('"\\`$', c)) return { next: 'double', value: c };
    return c === '\n' ? 'double' : { next: 'double', value: `\\${c}` };
  },
  comment: (c) => (c === '\\' ? 'commentEscape' : isIn(NEWLINE, c) ? 'preKey' : 'comment'),
  commentEscape: () => 'comment',
};

/** Where the file may end in the middle of a value. */
const IN_A_VALUE = ['preValue', 'value', 'valueEscape', 'single', 'double', 'doubleEscape'];

/** Reads a file's text. `variables` are those a service gets; `invalid` the assignments that go into the journal. */
export function readEnvironmentFile(text) {
  const pairs = [];
  let state = 'preKey';
  let key = '';
  let value = '';
  /** How much of the value is more than blanks that end it unquoted. */
  let kept = 0;
  const end = () => {
    pairs.push([key.trimEnd(), state === 'value' || state === 'trimmed' ? value.slice(0, kept) : value]);
    [key, value, kept] = ['', '', 0];
  };
  for (const c of text) {
    const turn = STATES[state](c);
    state = typeof turn === 'string' ? turn : turn.next;
    key += turn.key ?? '';
    value += turn.value ?? '';
    if (turn.value !== undefined && !(turn.isBare && isIn(WHITESPACE, c))) kept = value.length;
    if (state === 'dropped') key = '';
    if (state === 'done' || state === 'trimmed') end();
    if (['dropped', 'done', 'trimmed'].includes(state)) state = 'preKey';
  }
  if (IN_A_VALUE.includes(state)) end();
  const isValid = ([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  return {
    variables: Object.fromEntries(pairs.filter(isValid)),
    invalid: pairs.filter((pair) => !isValid(pair)).map(([name, text]) => `${name}=${text}`),
  };
}

function isIn(characters, c) {
  return characters.includes(c);
}
