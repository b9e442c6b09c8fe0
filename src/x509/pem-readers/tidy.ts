/** A block as RFC 7468 wants it: full lines of 64 characters, then a padded one. Bounded, as each line takes some stack. */
const BLOCK =
  /-----BEGIN CERTIFICATE-----(\r?\n(?:[A-Za-z0-9+/]{64}\r?\n){0,1000}(?:[A-Za-z0-9+/]{4}){0,15}(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)\r?\n)-----END CERTIFICATE-----(?:\r?\n|$)/y;

/**
 * Decodes the blocks of a tidy PEM text: every reader finds the same certificates in it, so that no reader has to be
 * imitated. Nearly all bundles are tidy.
 * @param text bytes as Latin-1
 * @returns `undefined` if anything in the text is not tidy
 */
export function readTidyPem(text: string): readonly Buffer[] | undefined {
  const blocks: Buffer[] = [];
  let end = 0;
  for (let begin = text.indexOf('-----BEGIN '); begin >= 0; begin = text.indexOf('-----BEGIN ', end)) {
    BLOCK.lastIndex = begin;
    const isAtStart = begin === 0 || text.charCodeAt(begin - 1) === 0x0a;
    const body = isAtStart && !isSuspicious(text.slice(end, begin)) ? BLOCK.exec(text)?.[1] : undefined;
    if (body === undefined) return undefined;
    blocks.push(Buffer.from(body, 'base64'));
    end = BLOCK.lastIndex;
  }
  return isSuspicious(text.slice(end)) ? undefined : blocks;
}

/** Reports whether a text between blocks may be a damaged block, or has a NUL, at which OpenSSL may stop. */
function isSuspicious(between: string): boolean {
  return between !== '' && /BEGIN|END|\0/.test(between);
}
