import { workerData } from 'node:worker_threads';
import { TARGETS } from './targets/index.ts';
import { type Order, tryInputs } from './worker.ts';

/** Finds the target with this thread's name, loading only the file that may have it. */
const [group = '', name = ''] = (workerData as Order).name.split('/');
const target = (await TARGETS[group]?.())?.[name];
if (!target) throw new Error(`No target is called ${group}/${name}`);
await tryInputs(target);
