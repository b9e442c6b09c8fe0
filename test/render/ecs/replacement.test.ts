import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, vi } from 'vitest';
import { ecs } from '../../../src/render/ecs/step.ts';
import { testWith } from '../../services/programs.ts';
import { sliceOf } from '../../services/slice.ts';
import { CHANGES } from '../../services/terraform.ts';
import { terraformPool } from '../../services/terraform-pool.ts';

// The stand-in refuses what ECS refuses: test/services/terraform-provider/ecs-rules.mjs.
beforeEach(() => {
  vi.stubEnv('PROVIDER_RULES', 'ecs');
  return () => vi.unstubAllEnvs();
});

const DAEMON = ['--pool-name', 'first'] as const;
const REPLICA = ['--strategy', 'replica', ...DAEMON] as const;
const renamed = (flags: readonly string[]) => [...flags.slice(0, -1), 'second'];

/** What happened to resources of a kind, in order. */
async function actionsOn(folder: string, type: string): Promise<readonly string[]> {
  const lines = (await readFile(path.join(folder, CHANGES), 'utf8')).trim().split('\n');
  const changes = lines.map((line) => JSON.parse(line) as { action: string; type: string });
  return changes.filter((each) => each.type === type).map(({ action }) => action);
}

type Pool = Awaited<ReturnType<typeof terraformPool>>;

/** Applies it, renames it and destroys it. The new workers exist before the old ones go. */
const rename = (flags: readonly string[]) => async (pool: Pool) => {
  await pool.render(flags);
  expect(await pool.apply()).toMatchObject({ exitCode: 0 });
  expect(await pool.plan()).toBe('');
  await pool.render(renamed(flags));
  expect(await pool.apply()).toMatchObject({ exitCode: 0 });
  for (const type of ['aws_ecs_service', 'aws_ecs_capacity_provider', 'aws_ecs_cluster'])
    expect(await actionsOn(pool.folder, type)).toEqual(['create', 'create', 'delete']);
  expect(await pool.plan()).toBe('');
  expect(await pool.destroy()).toBe('');
};

const CASES: readonly (readonly [title: string, run: (pool: Pool) => Promise<void>])[] = [
  ['a daemon is applied, renamed and destroyed', rename(DAEMON)],
  ['replicas are applied, renamed and destroyed', rename(REPLICA)],
  [
    'one strategy is replaced by the other, in a cluster of its own',
    async (pool) => {
      await pool.render(DAEMON);
      await pool.apply();
      await pool.render(REPLICA);
      expect(await pool.apply()).toMatchObject({ exitCode: 0 });
      expect(await actionsOn(pool.folder, 'aws_ecs_cluster')).toEqual(['create', 'create', 'delete']);
    },
  ],
  [
    'a run that goes on keeps what it uses, and the next apply removes it',
    async (pool) => {
      await pool.render(REPLICA);
      await pool.apply();
      await pool.render(renamed(REPLICA));
      vi.stubEnv('PROVIDER_RUNS', 'go-on');
      expect(await pool.apply()).toMatchObject({ exitCode: 1, all: expect.stringContaining('ResourceInUseException') });
      expect(await actionsOn(pool.folder, 'aws_ecs_service')).toEqual(['create', 'create', 'delete']);
      expect(await actionsOn(pool.folder, 'aws_autoscaling_group')).toEqual(['create', 'create']);
      vi.stubEnv('PROVIDER_RUNS', '');
      expect(await pool.apply()).toMatchObject({ exitCode: 0 });
      expect(await actionsOn(pool.folder, 'aws_autoscaling_group')).toEqual(['create', 'create', 'delete']);
      expect(await pool.plan()).toBe('');
    },
  ],
];

testWith('terraform').each(sliceOf(CASES, 2))('on ECS %s, and AWS refuses none of it', async (_, run) => {
  await run(await terraformPool(ecs, 'ecs'));
});

const REFUSED: readonly (readonly [title: string, run: (pool: Pool) => Promise<void>])[] = [
  [
    'a capacity provider that is not yet associated',
    async (pool) => {
      await pool.render(REPLICA, (main) => main.replace('    aws_ecs_cluster_capacity_providers.workers,\n', ''));
      expect((await pool.apply()).all).toContain('which is not associated with the cluster');
    },
  ],
  [
    'a capacity provider that is renamed, while its cluster is not',
    async (pool) => {
      await pool.render(REPLICA);
      await pool.apply();
      await pool.render(REPLICA, (main) => main.replace('name = aws_autoscaling_group.workers.name', 'name = "other"'));
      expect((await pool.apply()).all).toContain('already being used by another capacity provider');
    },
  ],
  [
    'another group for replicas that run: their service would be replaced as well',
    async (pool) => {
      await pool.render(REPLICA);
      await pool.apply();
      const { all } = await pool.apply('-replace=aws_autoscaling_group.workers');
      expect(all).toContain('aws_ecs_service.workers must be replaced');
      expect(all).toContain('ResourceInUseException');
    },
  ],
];

testWith('terraform').each(sliceOf(REFUSED, 2))('the stand-in refuses %s', async (_, run) => {
  await run(await terraformPool(ecs, 'ecs'));
});
