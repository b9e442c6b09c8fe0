/** Variables that hold secrets of ours, or steer only us: other programs have no business with them. */
const OURS = /^(?:SPACECTL_|SPACELIFT_(?:TOKEN$|POOL_PRIVATE_KEY$|API_))/;

/**
 * Variables that are none of the vendor's CLI's business, our secrets among them. It has some of the same beginning
 * (SPACECTL_BIND_PORT, SPACECTL_LOGIN_METHOD, …), and takes its credentials from SPACELIFT_API_*.
 */
const NOT_THE_NAMESAKES =
  /^(?:SPACECTL_(?!(?:BIND|LOGIN|QUEUE|USAGE_VIEW_CSV)_|NO_AUTO_LOGIN$|SKIP_STACK_PROMPT$)|SPACELIFT_(?:TOKEN|POOL_PRIVATE_KEY)$)/;

/** The environment of this process without our own variables, and with some more. */
export function environmentFor(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return environmentWithout(OURS, more);
}

/** The environment of this process as the vendor's CLI of the same name may see it, and some more. */
export function environmentForNamesake(more: Readonly<Record<string, string>>): Record<string, string> {
  return environmentWithout(NOT_THE_NAMESAKES, more);
}

function environmentWithout(left: RegExp, more: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !left.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...more };
}
