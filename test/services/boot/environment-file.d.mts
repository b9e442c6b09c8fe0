/** Reads a file's text as systemd does: what a service gets, and the assignments that go into the journal instead. */
export declare function readEnvironmentFile(text: string): {
  readonly variables: Readonly<Record<string, string>>;
  readonly invalid: readonly string[];
};
