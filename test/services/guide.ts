import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { environmentOf, PROGRAM } from './program.ts';

/** A block of shell commands on a page. */
export interface GuideBlock {
  readonly text: string;
  /** Why it cannot be run here: the words of the comment above it, `<!-- not run: WHY -->`. */
  readonly notRun?: string;
}

/** The names of all guides. */
export async function guideNames(): Promise<readonly string[]> {
  return (await readdir('docs/guides')).filter((name) => name.endsWith('.md')).map((name) => name.slice(0, -3));
}

/** The shell blocks of a guide, in order. */
export async function blocksOfGuide(name: string): Promise<readonly GuideBlock[]> {
  const page = await readFile(`docs/guides/${name}.md`, 'utf8');
  return [...page.matchAll(/^(?:<!-- not run: ([^\n]+) -->\n)?```sh\n([\s\S]*?)^```/gm)].map(
    ([, notRun, text = '']) => ({ text, ...(notRun !== undefined && { notRun }) }),
  );
}

/** What a guide is run in. */
export interface GuideSetting {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Programs that stand in for those that reach another machine, by name: scripts. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Names on the page, and what they are here. */
  readonly here?: Readonly<Record<string, string>>;
  /** Exit codes of blocks that do not end with 0, by a part of their text. */
  readonly exits?: Readonly<Record<string, number>>;
  /** What happens elsewhere before a block, by a part of its text. */
  readonly before?: Readonly<Record<string, () => unknown>>;
}

/**
 * Runs the blocks of a guide one after the other, in one shell session each, in one folder. A block that is a script, with
 * its name in the second line, is saved under that name.
 * @returns the blocks that were run, with what they printed
 * @throws Error with the block and its output, if it ends with another exit code than expected
 */
export async function runGuide(name: string, setting: GuideSetting): Promise<readonly string[]> {
  const { cwd, env = {}, programs = {}, here = {}, exits = {}, before = {} } = setting;
  const bin = path.join(cwd, 'bin');
  await mkdir(bin, { recursive: true });
  const put = (file: string, text: string) => writeFile(file, text, { mode: 0o755 });
  await put(path.join(bin, 'spacectl'), `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} "$@"\n`);
  for (const [program, text] of Object.entries(programs)) await put(path.join(bin, program), `#!/bin/sh\n${text}\n`);
  const shell = { ...environmentOf({ CI: 'true', HOME: cwd, XDG_STATE_HOME: path.join(cwd, '.state'), ...env }) };
  const ran: string[] = [];
  for (const { text, notRun } of await blocksOfGuide(name)) {
    if (notRun !== undefined) continue;
    const [, script] = /^#!\/bin\/sh\n# (\S+)\n/.exec(text) ?? [];
    if (script !== undefined) await put(path.join(cwd, script), text);
    const found = <T>(table: Readonly<Record<string, T>>) =>
      Object.entries(table).find(([part]) => text.includes(part))?.[1];
    await found(before)?.();
    const local = Object.entries(here).reduce((all, [there, mine]) => all.replaceAll(there, mine), text);
    const PATH = `${bin}:${process.env['PATH']}`;
    const options = { cwd, reject: false, all: true, extendEnv: false, env: { ...shell, PATH } } as const;
    const { exitCode, all } = await execa('sh', script === undefined ? ['-e', '-c', local] : ['-n', script], options);
    const wanted = found(exits) ?? 0;
    if (exitCode !== wanted) throw new Error(`${name}: exit ${exitCode}, not ${wanted}\n${local}\n${all}`);
    ran.push(all ?? '');
  }
  return ran;
}
