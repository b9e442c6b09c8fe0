/** Reports whether the program runs in CI. `CI=false` and `CI=0` say that it does not, as in other tools. */
export function isCi(environment: NodeJS.ProcessEnv = process.env): boolean {
  return !['', 'false', '0', 'no'].includes((environment['CI'] ?? '').toLowerCase());
}
