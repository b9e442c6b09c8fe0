/** Variables that hold secrets of ours, or steer only us: other programs have no business with them. */
const OURS = /^(?:SPACECTL_|SPACELIFT_(?:TOKEN$|POOL_PRIVATE_KEY$|API_))/;

/** The environment of this process without our own variables, and with some more. */
export function environmentFor(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !OURS.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...more };
}
