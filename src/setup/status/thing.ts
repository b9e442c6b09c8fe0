import { UserError } from '../../core/errors.ts';

/** One thing in a pool's folder, and where it stands. */
export interface Thing {
  /** Short and stable, for programs: `bundle`, `terraform-aws`. */
  readonly id: string;
  readonly title: string;
  /** `unknown`: it could not be established. `none`: there is no such thing, and none is wanted. */
  readonly state: 'good' | 'attention' | 'unknown' | 'none';
  /** What was found. Never a secret. */
  readonly evidence: string;
  /** The one command that does something about it. */
  readonly command?: string;
  /** The file it is about, relative to the folder. */
  readonly file?: string;
  /** What builds it again if it is stale: `ca-bundle check --update`, or `apply`. */
  readonly update?: Update;
  /** Whether a file was edited by hand, so that no command that would replace it may run unasked. */
  readonly isEdited?: true;
}

/** What `status --update` does about a thing. */
export type Update = 'ca-bundle' | 'apply';

/** What was found about a thing. */
export type Finding = Omit<Thing, 'id' | 'title'>;

export const good = (evidence: string): Finding => ({ state: 'good', evidence });
export const none = (evidence: string): Finding => ({ state: 'none', evidence });
export const unknown = (evidence: string, command?: string): Finding => ({
  state: 'unknown',
  evidence,
  ...(command !== undefined && { command }),
});

/** Something needs doing. */
export function attention(evidence: string, command: string, file?: string): Finding {
  return { state: 'attention', evidence, command, ...(file !== undefined && { file }) };
}

/** Something is stale, and can be built again without a person. */
export function stale(evidence: string, command: string, update: Update, file?: string): Finding {
  return { ...attention(evidence, command, file), update };
}

/** Looks at a thing. What the user could fix, such as a service that is not reached, makes it unknown. */
export async function look(id: string, title: string, find: () => Promise<Finding>): Promise<Thing> {
  try {
    return { id, title, ...(await find()) };
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'SPACECTL_INTERRUPTED') throw error;
    const command = error.suggestions.find((each) => each.command?.startsWith('spacectl '))?.command;
    return { id, title, ...unknown(error.message, command) };
  }
}
