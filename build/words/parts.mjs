import ts from 'typescript';

/**
 * A file as its prose and its names: each as long as the file, with the other blanked, so that positions are the same.
 * @typedef {{ readonly prose: string, readonly names: string }} Parts
 */

const NOTHING = { prose: '', names: '' };
/** What speaks of the words themselves, is not written by us, or holds what others say. */
const LEFT_OUT = /^(?:build\/words|test\/build\/words|test\/fixtures\/|package-lock\.json|LICENSE)/;

/**
 * Tells the prose of a file from its names.
 * @param {string} file its path below the root
 * @param {string} text
 * @returns {Parts} nothing at all for a file that is neither
 */
export function partsOf(file, text) {
  if (LEFT_OUT.test(file)) return NOTHING;
  if (/\.md$/.test(file) || file.startsWith('templates/')) return { prose: text, names: '' };
  if (!/\.(?:ts|mjs|cjs)$/.test(file)) return NOTHING;
  // A test holds what the program says, which is looked at where it says it.
  return file.startsWith('test/') ? testParts(file, text) : codeParts(file, text);
}

/**
 * @param {string} file
 * @param {string} text
 */
function codeParts(file, text) {
  const prose = [...commentsIn(text), ...spansOf(file, text, isText)];
  return { prose: blank(text, prose, 'outside'), names: blank(text, prose, 'inside') };
}

/**
 * @param {string} file
 * @param {string} text
 */
function testParts(file, text) {
  return { prose: blank(text, spansOf(file, text, isTitle), 'outside'), names: '' };
}

/** @param {ts.Node} node */
function isText(node) {
  const isPath =
    ts.isStringLiteral(node) && (ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent));
  return (
    !isPath && (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
  );
}

/** @param {ts.Node} node whether it is the title of a test: `test('…'`, `test.each(…)('…'`, `testWith(…)('…'` */
function isTitle(node) {
  if (!ts.isStringLiteralLike(node) || !ts.isCallExpression(node.parent) || node.parent.arguments[0] !== node)
    return false;
  const callee = node.parent.expression.getText();
  return /^(?:test|describe)\w*\b/.test(callee) && (!callee.startsWith('testWith') || callee.includes(')'));
}

/** @typedef {readonly [start: number, end: number]} Span */

/**
 * @param {string} file
 * @param {string} text
 * @param {(node: ts.Node) => boolean} isWanted
 * @returns {readonly Span[]}
 */
function spansOf(file, text, isWanted) {
  /** @type {Span[]} */
  const spans = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (isWanted(node)) spans.push([node.getStart(), node.getEnd()]);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return spans;
}

/**
 * @param {string} text
 * @returns {readonly Span[]}
 */
function commentsIn(text) {
  return [...text.matchAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm)].map(({ 0: comment, index }) => [
    index,
    index + comment.length,
  ]);
}

/**
 * Blanks what lies in some spans, or what lies outside of them.
 * @param {string} text
 * @param {readonly Span[]} spans
 * @param {'inside' | 'outside'} where
 */
function blank(text, spans, where) {
  const inSpan = new Uint8Array(text.length);
  for (const [start, end] of spans) inSpan.fill(1, start, end);
  const blanked = where === 'inside' ? 1 : 0;
  return text.replace(/[^\n]/g, (character, at) => (inSpan[at] === blanked ? ' ' : character));
}
