/**
 * Parses a URL. Not with `URL.canParse`: once V8 has optimized its caller, Node 20's takes some texts with characters
 * beyond ASCII for URLs that `new URL` then rejects.
 * @returns `undefined` if it is none
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
