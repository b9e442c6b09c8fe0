import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import type { Advice } from '../core/suggestion.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { hasModes } from '../files/modes.ts';
import { replacementError } from '../files/place.ts';
import { readFileIfExists } from '../files/read.ts';
import { assertTrustedFolder } from '../files/trusted-folder.ts';
import { type Content, known, type Report } from './content.ts';
import type { NextStep } from './next.ts';

/** What applying a change would do. */
export type Status = 'create' | 'unchanged' | 'change' | 'refuse';

/** One file of a plan. */
export interface FileChange {
  readonly kind: 'file';
  /** The step that wants it. */
  readonly step: string;
  readonly path: string;
  /** Permission bits, e.g. 0o600; the umask does not apply. */
  readonly mode: number;
  /** Whether the bytes must not be shown, not even as a digest. */
  readonly isSecret: boolean;
  /** Whether other users get access to its directory, if that has to be created, although the file is secret. */
  readonly isFolderShared?: boolean;
  readonly content: Content;
  readonly status: Status;
  /** Whether the existing bytes are already the wanted ones, so that only the permission bits change. */
  readonly isModeOnly?: boolean;
  /** SHA-256 of the bytes the plan was made against. Absent for a new file, or if an earlier step writes it. */
  readonly plannedAgainst?: string;
  /** Why the change is refused. */
  readonly refusal?: UserError;
}

/** A change that does not write a file: a pool created by an API call, a service started. */
export interface ActionChange {
  readonly kind: 'action';
  readonly step: string;
  /** What is done, in the imperative: "Create the worker pool build-eu". Never a secret. */
  readonly title: string;
  readonly status: Status;
  readonly refusal?: UserError;
  /** Does the work and reports progress. Safe to run again after an interruption. @throws UserError */
  // biome-ignore lint/suspicious/noConfusingVoidType: most actions have nothing to return
  run(signal: AbortSignal, report: (progress: string) => void): Promise<Outcome | void>;
}

/** What applying a change found out; it is added to the plan's notes, warnings and facts. */
export interface Outcome {
  readonly notes?: readonly string[];
  readonly warnings?: readonly string[];
  readonly facts?: Readonly<Record<string, unknown>>;
}

export type Change = FileChange | ActionChange;

/** What a step would change, and what the report says about it. */
export interface Plan {
  /** In the order they are applied. */
  readonly changes: readonly Change[];
  /** Facts worth a line: "124 certificates from the image, 1 added". */
  readonly notes?: readonly string[];
  readonly warnings?: readonly string[];
  /** What a check found that applying the plan does not fix: the program then ends with exit code 10. */
  readonly findings?: readonly string[];
  /** What the user does next, in order: a sentence, or a text and its command. */
  readonly next?: readonly (string | NextStep)[];
  /** Machine-readable facts for `--json`. Never a secret. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** A file as a step asks for it. */
export interface WantedFile {
  readonly path: string;
  readonly content: Content;
  readonly mode?: number;
  readonly isSecret?: boolean;
  /** Whether other users get access to its directory, if that has to be created. The directory of a secret is private. */
  readonly isFolderShared?: boolean;
  /**
   * Whether an existing file with other bytes may be replaced: `never`, or only if the function says that spacectl wrote
   * the present bytes; an error says why not. If absent, the file is replaced.
   */
  readonly replace?: 'never' | ((present: Uint8Array) => boolean | UserError | Promise<boolean>);
}

/** An action as a step asks for it. */
export interface WantedAction {
  readonly title: string;
  /** `create` if absent. `unchanged`: it is already done and is not run. */
  readonly status?: Exclude<Status, 'refuse'>;
  /** Why it is done only with `--force`. */
  readonly refusal?: UserError | undefined;
  run: ActionChange['run'];
}

/** Plans the changes of a step. A step reads files through it, to see what earlier steps are about to write. */
export interface Planner {
  /** Aborts long work when the user interrupts the program. */
  readonly signal: AbortSignal;
  /** Returns the file as it will be once the plans so far are applied; `undefined` if it will not exist. */
  read(file: string): Promise<Content | undefined>;
  /** Compares a wanted file with the existing one. */
  file(wanted: WantedFile): Promise<FileChange>;
  /** Plans an action. */
  action(wanted: WantedAction): ActionChange;
  readonly report: Report;
}

/** Creates the planner of one step; `planned` holds the changes of the steps before it. */
export function createPlanner(options: {
  readonly step: string;
  readonly planned: readonly Change[];
  readonly signal: AbortSignal;
  readonly force?: boolean;
  /** `canForce` of the step. */
  readonly canForce?: boolean;
  readonly report?: Planner['report'];
}): Planner {
  const { step, planned, signal, force = false, canForce = true, report = () => {} } = options;
  const mayRefuse = () => {
    if (!canForce) throw new Error(`the step ${step} refuses what --force allows, and has no canForce`);
  };
  return {
    signal,
    report,
    async read(file) {
      const change = planned.findLast((each) => each.kind === 'file' && each.path === path.resolve(file));
      if (change?.kind === 'file') return change.content;
      const bytes = await readFileIfExists(file);
      return bytes && known(bytes);
    },
    async file({ path: file, content, mode = 0o644, isSecret = false, isFolderShared = false, replace }) {
      if (typeof replace === 'function') mayRefuse();
      const base = { kind: 'file', step, path: path.resolve(file), mode, isSecret, isFolderShared, content } as const;
      const refusal = (await replacementError(base.path, file)) ?? (await untrustedFolderOf(base.path));
      if (refusal) return { ...base, status: 'refuse', refusal };
      const present = await readFileIfExists(base.path);
      if (!present) return { ...base, status: 'create' };
      const isWritten = planned.some((each) => each.kind === 'file' && each.path === base.path);
      const against = isWritten ? {} : { plannedAgainst: sha256(present) };
      if (content.isKnown && present.equals(await content.bytes())) {
        if (await hasMode(base.path, mode)) return { ...base, status: 'unchanged' };
        return { ...base, ...against, status: 'change', isModeOnly: true };
      }
      // An empty file is what a killed process leaves on a file system without hard links.
      if (replace === 'never' && present.length > 0)
        return { ...base, status: 'refuse', refusal: refuse(file, 'already exists and is never overwritten') };
      const answer = force || typeof replace !== 'function' || (await replace(present));
      if (answer !== true) {
        const unknown = 'was not made by spacectl, or was changed since';
        const refusal = answer || refuse(file, unknown, ['Move it away, or pass --force']);
        return { ...base, status: 'refuse', refusal };
      }
      return { ...base, ...against, status: 'change' };
    },
    action({ title, status = 'create', refusal, run }) {
      if (refusal) mayRefuse();
      const base = { kind: 'action', step, title, run } as const;
      const isRefused = refusal !== undefined && !force && status !== 'unchanged';
      return isRefused ? { ...base, status: 'refuse', refusal } : { ...base, status };
    },
  };
}

/** Returns why root does not work in the directory of a file, if that is so. */
async function untrustedFolderOf(file: string): Promise<UserError | undefined> {
  try {
    await assertTrustedFolder(path.dirname(file));
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function refuse(
  file: string,
  why: string,
  suggestions: readonly Advice[] = [{ command: `mv ${quoteIfNeeded(file)} ${quoteIfNeeded(`${file}.old`)}` }],
): UserError {
  return new UserError('SPACECTL_WOULD_OVERWRITE', `${file} ${why}`, { suggestions });
}

async function hasMode(file: string, mode: number): Promise<boolean> {
  if (!hasModes()) return true;
  const stats = await lstat(file);
  return (stats.mode & 0o777) === mode;
}
