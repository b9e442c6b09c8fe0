import type { CommandClass } from './base.ts';

/** Flags of one command that are passed on to the next. */
const PASSED_ON = ['plain', 'quiet', 'verbose'] as const;

/** Runs `spacectl deploy` for a directory, with the flags that say how to print. @throws as that command */
export async function deployDirectory(dir: string, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const deploy: CommandClass = (await import('../deploy.ts')).default;
  await deploy.launch([dir, ...PASSED_ON.filter((name) => flags[name] === true).map((name) => `--${name}`)]);
}
