import { TARGETS } from './targets/index.ts';

/** Lists all targets as `GROUP/NAME`, with how long one input takes. */
export async function listTargets(): Promise<readonly { name: string; slowness: number }[]> {
  const groups = Object.entries(TARGETS).map(async ([group, load]) =>
    Object.entries(await load()).map(([name, { slowness = 1 }]) => ({ name: `${group}/${name}`, slowness })),
  );
  return (await Promise.all(groups)).flat();
}
