/** Variables that contain our secrets or configure only spacectl. Other programs do not get them. */
const OURS = /^(?:SPACECTL_|SPACELIFT_(?:TOKEN$|POOL_PRIVATE_KEY$|API_))/;

/**
 * Variables that Spacelift's own CLI, also called spacectl, does not get, our secrets among them. It has variables with
 * the same prefix (spacelift-io/spacectl@490d0dd, internal/cmd/profile/flags.go and internal/cmd/stack/stack_selector.go),
 * and reads its credentials from SPACELIFT_API_*.
 */
const NOT_FOR_SPACELIFT_CLI =
  /^(?:SPACECTL_(?!(?:BIND|LOGIN|USAGE_VIEW_CSV)_|NO_BROWSER$|SKIP_STACK_PROMPT$)|SPACELIFT_(?:TOKEN|POOL_PRIVATE_KEY)$)/;

/** Returns this process's environment without our own variables, plus additional ones. */
export function environmentFor(additional: Readonly<Record<string, string>> = {}): Record<string, string> {
  return environmentWithout(OURS, additional);
}

/** Returns the credentials for Spacelift in this process's environment, for programs that need them. */
export function apiVariables(): Record<string, string> {
  const all = Object.entries(process.env);
  return Object.fromEntries(all.filter((each): each is [string, string] => /^SPACELIFT_API_/.test(each[0])));
}

/** Returns this process's environment for Spacelift's own CLI, plus additional variables. */
export function environmentForSpaceliftCli(additional: Readonly<Record<string, string>>): Record<string, string> {
  return environmentWithout(NOT_FOR_SPACELIFT_CLI, additional);
}

function environmentWithout(excluded: RegExp, additional: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !excluded.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...additional };
}
