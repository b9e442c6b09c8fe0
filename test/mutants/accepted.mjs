/** @typedef {import('./instrument.mjs').Mutant} Mutant */

/**
 * A mutant that no test can notice, because the program does the same: what stands there, what stands there instead, why
 * it makes no difference and, if the same stands elsewhere too, a part of the line.
 * @typedef {readonly [original: string, replacement: string, reason: string, on?: string]} Accepted
 */

const IN_VAIN = 'only decides which certificates of the base are parsed that cannot match anyway';

/**
 * Mutants that are not counted, by module.
 * @type {Readonly<Record<string, readonly Accepted[]>>}
 */
const BY_MODULE = {
  'src/ca-bundle/bundle.ts': [
    ['added.length === 0', 'false', IN_VAIN],
    ['keys.length <= 100', 'true', IN_VAIN],
    ['keys.length <= 100', 'keys.length < 100', IN_VAIN],
    ['keys.length <= 100', 'keys.length > 100', IN_VAIN],
    ['keys.length <= 100 && !keys.some((key) => der.includes(key))', 'false', IN_VAIN],
    ['keys.some((key) => der.includes(key))', 'keys.every(key => der.includes(key))', IN_VAIN],
    ['fieldsOf(der)?.publicKey', 'fieldsOf(der).publicKey', 'a certificate that is given has been parsed before'],
  ],
  'src/spacelift/api/client.ts': [
    ['[]', '["Stryker was here"]', 'no server lacks a field of that name'],
    ['{ totalTimeout: TOTAL_TIMEOUT }', '{}', 'a request would have to last two minutes'],
  ],
  'src/spacelift/login/credentials.ts': [
    ['found?.problem', 'found.problem', 'without the name of a profile, the environment was read'],
    ["''", '"Stryker was here!"', 'one method at least is tried, and says what it lacks', "problem = ''"],
    [
      "''",
      '"Stryker was here!"',
      'credentials are read only where each of their variables is set',
      "firstOf(environment, names) ?? ''",
    ],
    ["''", '"Stryker was here!"', 'credentials are read only where each of their variables is set', "first = ''"],
  ],
  'src/step/read-answer.ts': [
    [
      'input.parseItem?.(text, values, position)',
      'input.parseItem(text, values, position)',
      'an item is read only where items are parsed',
    ],
    ["''", '"Stryker was here!"', 'an item is one text'],
  ],
  'src/step/ask.ts': [
    ['inputs[name]?.kind', 'inputs[name].kind', 'only names of inputs are forgotten'],
    ["''", '"Stryker was here!"', 'a secret that was typed is one text'],
  ],
  'src/step/answer-one.ts': [
    ['entered?.get', 'entered.get', '`ask` always passes what was entered'],
    ['!prompter', 'false', 'a question is put only where there is a prompter'],
  ],
  'src/step/given.ts': [
    ['environment[holder]?.trim', 'environment[holder].trim', 'the variable was found by its value'],
    ["''", '"Stryker was here!"', 'the variable was found by its value', 'environment[holder]'],
    ["'-'", '""', 'a flag that is given has a value', "[file = '-']"],
    ['place === undefined', 'false', 'no file has a key named undefined'],
    ['place !== undefined', 'true', 'no file has a key named undefined', 'answersFile[place]'],
  ],
  'src/oci/tree/apply.ts': [
    ["operation.path === ''", 'false', 'a component without a name is passed over'],
    ["''", '"Stryker was here!"', 'a component without a name is passed over', "operation.path === ''"],
    ["{ kind: 'other' }", '{}', 'what is neither a file, a directory nor a link needs no kind'],
    ["'other'", '""', 'what is neither a file, a directory nor a link needs no kind'],
    ['context.touched?.has', 'context.touched.has', 'a layer with a removal has notes of what it touched'],
    ['touched?.has', 'touched.has', 'a layer with a removal has notes of what it touched'],
    ['touched.has(each)', 'false', 'above what is noted, everything is noted'],
    ['cleared.has(next.directory)', 'false', 'what was cleared has nothing of lower layers any more'],
  ],
  'src/ca-bundle/probe/go-verdict.ts': [
    [
      'verdict.chain.at(-1)?.der',
      'verdict.chain.at(-1).der',
      'the chain ends in a certificate of the bundle, which was read before',
    ],
    [
      "{ isTrusted: true, reason: 'the bundle has a certificate of its chain' }",
      '{}',
      'the chain ends in a certificate of the bundle, which was read before',
    ],
    [
      'true',
      'false',
      'the chain ends in a certificate of the bundle, which was read before',
      'the bundle has a certificate of its chain',
    ],
  ],
  'src/render/format/template.ts': [
    ["typeof condition === 'number'", 'true', 'yes is as version 1, and no as version 0, where a line names none'],
  ],
  'src/pki/subject.ts': [
    [
      String.raw`/(?:\\.|[^\\,]|\\$)+/gsu`,
      String.raw`/(?:\\.|[^\\,]|\\)+/gsu`,
      'a backslash with nothing behind it is at the end',
    ],
    [String.raw`/\\.|[^\\]|\\$/gsu`, String.raw`/\\.|[^\\]|\\/gsu`, 'a backslash with nothing behind it is at the end'],
    ['/^["<>;]$/', '/^["<>;]/', 'what is not escaped is one character'],
    [String.raw`/^[ \t\r\n]$/`, String.raw`/^[ \t\r\n]/`, 'what is not escaped is one character'],
  ],
  'src/x509/pem.ts': [
    ['word === undefined', 'false', 'a comment has no label, and one that is not known is left out as well'],
    ["''", '"Stryker was here!"', 'what has BEGIN or END has words behind it', "words = ''"],
  ],
  'src/spacelift/pools/create.ts': [['[]', '["Stryker was here"]', 'what has no name is no pool of that name']],
  'src/files/lock.ts': [
    ['Date.now() > deadline', 'Date.now() >= deadline', 'a millisecond of a minute'],
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
  ],
  'src/files/write.ts': [
    ['{ force: true }', '{}', 'an undo that fails for want of the file is not reported'],
    ['true', 'false', 'an undo that fails for want of the file is not reported'],
  ],
  'src/http/client.ts': [
    ['message.signal.aborted', 'false', 'what follows checks the signal again before it sends anything'],
  ],
};

export const ACCEPTED = Object.entries(BY_MODULE).flatMap(([module, rows]) =>
  rows.map(([original, replacement, reason, on = '']) => ({ module, original, replacement, reason, on })),
);

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
  return accepted.module === module && isChange && firstLine.includes(accepted.on);
}
