/** A version of a launch template. */
export interface TemplateReference {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  /** A number, `$Latest` or `$Default`. */
  readonly version: string;
}

/** What an instance starts from: an image, or something at AWS that names one. */
export type LaunchSource =
  | { readonly image: string }
  | { readonly template: TemplateReference }
  | { readonly configuration: string };

/** A source, and what starts instances from it. */
export interface LaunchUse {
  readonly source: LaunchSource;
  /** In words: `auto-scaling group workers`. Missing for an image that the user named. */
  readonly by?: string;
}

/** Names a version of a launch template, for people. */
export function templateWords({ id, name, version }: TemplateReference): string {
  return `launch template ${name ?? id} version ${version}`;
}
