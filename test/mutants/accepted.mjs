/** @typedef {import('./instrument.mjs').Mutant} Mutant */

/**
 * Mutants that no test can notice, because the program does the same: what stands there, what stands there instead, and
 * why it makes no difference. They are not counted. `on`: a part of the line, if the same stands elsewhere too.
 * @type {readonly { module: string, original: string, replacement: string, reason: string, on?: string }[]}
 */
export const ACCEPTED = [
  ...[
    ['added.length === 0', 'false'],
    ['keys.length <= 100', 'true'],
    ['keys.length <= 100', 'keys.length < 100'],
    ['keys.length <= 100', 'keys.length > 100'],
    ['keys.length <= 100 && !keys.some((key) => der.includes(key))', 'false'],
    ['keys.some((key) => der.includes(key))', 'keys.every(key => der.includes(key))'],
  ].map(([original = '', replacement = '']) => ({
    module: 'src/ca-bundle/bundle.ts',
    original,
    replacement,
    reason: 'only decides which certificates of the base are parsed that cannot match anyway',
  })),
  {
    module: 'src/ca-bundle/bundle.ts',
    original: 'fieldsOf(der)?.publicKey',
    replacement: 'fieldsOf(der).publicKey',
    reason: 'a certificate that is given has been parsed before',
  },
  ...[
    ['[]', '["Stryker was here"]', 'no server lacks a field of that name'],
    ['{ totalTimeout: TOTAL_TIMEOUT }', '{}', 'a request would have to last two minutes'],
  ].map(([original = '', replacement = '', reason = '']) => ({
    module: 'src/spacelift/api/client.ts',
    original,
    replacement,
    reason,
  })),
  {
    module: 'src/spacelift/login/credentials.ts',
    original: 'found?.problem',
    replacement: 'found.problem',
    reason: 'without the name of a profile, the environment was read',
  },
  ...[
    [
      'src/step/read-answer.ts',
      'input.parseItem?.(text, values, position)',
      'input.parseItem(text, values, position)',
      'an item is read only where items are parsed',
    ],
    ['src/step/read-answer.ts', "''", '"Stryker was here!"', 'an item is one text'],
    ['src/step/ask.ts', 'inputs[name]?.kind', 'inputs[name].kind', 'only names of inputs are forgotten'],
    ['src/step/ask.ts', "''", '"Stryker was here!"', 'a secret that was typed is one text'],
    ['src/step/answer-one.ts', 'entered?.get', 'entered.get', '`ask` always passes what was entered'],
    ['src/step/answer-one.ts', '!prompter', 'false', 'a question is put only where there is a prompter'],
  ].map(([module = '', original = '', replacement = '', reason = '']) => ({ module, original, replacement, reason })),
  ...[
    ['environment[holder]?.trim', 'environment[holder].trim', '', 'the variable was found by its value'],
    ["''", '"Stryker was here!"', 'environment[holder]', 'the variable was found by its value'],
    ["'-'", '""', "[file = '-']", 'a flag that is given has a value'],
    ['place === undefined', 'false', '', 'no file has a key named undefined'],
    ['place !== undefined', 'true', 'answersFile[place]', 'no file has a key named undefined'],
  ].map(([original = '', replacement = '', on = '', reason = '']) => ({
    module: 'src/step/given.ts',
    original,
    replacement,
    on,
    reason,
  })),
  ...[
    ["operation.path === ''", 'false', '', 'a component without a name is passed over'],
    ["''", '"Stryker was here!"', "operation.path === ''", 'a component without a name is passed over'],
    ["{ kind: 'other' }", '{}', '', 'what is neither a file, a directory nor a link needs no kind'],
    ["'other'", '""', '', 'what is neither a file, a directory nor a link needs no kind'],
    ['context.touched?.has', 'context.touched.has', '', 'a layer with a removal has notes of what it touched'],
    ['touched?.has', 'touched.has', '', 'a layer with a removal has notes of what it touched'],
    ['touched.has(each)', 'false', '', 'above what is noted, everything is noted'],
    ['cleared.has(next.directory)', 'false', '', 'what was cleared has nothing of lower layers any more'],
  ].map(([original = '', replacement = '', on = '', reason = '']) => ({
    module: 'src/oci/tree/apply.ts',
    original,
    replacement,
    on,
    reason,
  })),
  ...[
    ['verdict.chain.at(-1)?.der', 'verdict.chain.at(-1).der'],
    ["{ isTrusted: true, reason: 'the bundle has a certificate of its chain' }", '{}'],
    ['true', 'false', 'the bundle has a certificate of its chain'],
  ].map(([original = '', replacement = '', on = '']) => ({
    module: 'src/ca-bundle/probe/go-verdict.ts',
    original,
    replacement,
    on,
    reason: 'the chain ends in a certificate of the bundle, which was read before',
  })),
  {
    module: 'src/render/format/template.ts',
    original: "typeof condition === 'number'",
    replacement: 'true',
    reason: 'yes is as version 1, and no as version 0, where a line names none',
  },
  ...[
    ["problem = ''", 'one method at least is tried, and says what it lacks'],
    ["firstOf(environment, names) ?? ''", 'credentials are read only where each of their variables is set'],
    ["first = ''", 'credentials are read only where each of their variables is set'],
  ].map(([on = '', reason = '']) => ({
    module: 'src/spacelift/login/credentials.ts',
    original: "''",
    replacement: '"Stryker was here!"',
    on,
    reason,
  })),
  ...[
    [
      String.raw`/(?:\\.|[^\\,]|\\$)+/gsu`,
      String.raw`/(?:\\.|[^\\,]|\\)+/gsu`,
      'a backslash with nothing behind it is at the end',
    ],
    [String.raw`/\\.|[^\\]|\\$/gsu`, String.raw`/\\.|[^\\]|\\/gsu`, 'a backslash with nothing behind it is at the end'],
    ['/^["<>;]$/', '/^["<>;]/', 'what is not escaped is one character'],
    [String.raw`/^[ \t\r\n]$/`, String.raw`/^[ \t\r\n]/`, 'what is not escaped is one character'],
  ].map(([original = '', replacement = '', reason = '']) => ({
    module: 'src/pki/subject.ts',
    original,
    replacement,
    reason,
  })),
  {
    module: 'src/x509/pem.ts',
    original: 'word === undefined',
    replacement: 'false',
    reason: 'a comment has no label, and one that is not known is left out as well',
  },
  {
    module: 'src/x509/pem.ts',
    original: "''",
    replacement: '"Stryker was here!"',
    on: "words = ''",
    reason: 'what has BEGIN or END has words behind it',
  },
  {
    module: 'src/spacelift/pools/create.ts',
    original: '[]',
    replacement: '["Stryker was here"]',
    reason: 'what has no name is no pool of that name',
  },
  {
    module: 'src/files/lock.ts',
    original: 'Date.now() > deadline',
    replacement: 'Date.now() >= deadline',
    reason: 'a millisecond of a minute',
  },
  ...[
    ["typeof holder === 'object'", 'true', 'only an owner has a session, and an undo that fails is not reported'],
    [
      'Date.now() - stats.mtimeMs > HALF_WRITTEN_LIMIT',
      'Date.now() - stats.mtimeMs >= HALF_WRITTEN_LIMIT',
      'a millisecond of two seconds',
    ],
    ["'utf8'", '""', 'JSON.parse makes a text of bytes'],
    ['text === undefined', 'false', 'what is undefined is not JSON, and half written by its age'],
    ['{\n    return undefined;\n  }', '{}', 'a function returns undefined anyway'],
    ['{\n    return false;\n  }', '{}', 'undefined is as false'],
  ].map(([original = '', replacement = '', reason = '']) => ({
    module: 'src/files/lock.ts',
    original,
    replacement,
    reason,
  })),
  ...[
    ['{ force: true }', '{}'],
    ['true', 'false'],
  ].map(([original = '', replacement = '']) => ({
    module: 'src/files/write.ts',
    original,
    replacement,
    reason: 'an undo that fails for want of the file is not reported',
  })),
  {
    module: 'src/http/client.ts',
    original: 'message.signal.aborted',
    replacement: 'false',
    reason: 'what follows checks the signal again before it sends anything',
  },
];

/** @param {Mutant} mutant */
export function isAccepted(mutant) {
  return ACCEPTED.some((each) => isSame(each, mutant));
}

/**
 * Lists acceptances whose code has changed.
 * @param {readonly Mutant[]} mutants all there are
 */
export function staleAcceptances(mutants) {
  return ACCEPTED.filter((each) => !mutants.some((mutant) => isSame(each, mutant))).map(
    ({ module, original, replacement }) => `${module}: ${original} → ${replacement}`,
  );
}

/**
 * @param {(typeof ACCEPTED)[number]} accepted
 * @param {Mutant} mutant
 */
function isSame(accepted, { module, original, replacement, firstLine }) {
  const isChange = accepted.original === original && accepted.replacement === replacement;
  return accepted.module === module && isChange && firstLine.includes(accepted.on ?? '');
}
