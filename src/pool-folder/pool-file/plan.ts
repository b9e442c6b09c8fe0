import path from 'node:path';
import { portablePath } from '../../core/portable-path.ts';
import { known } from '../../step/content.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { POOL_FILE, SCHEMA_FILE } from '../names.ts';
import { withSecretsIgnored } from './gitignore.ts';
import { type SavedAnswer, withAnswers } from './save.ts';

/** What is kept in a pool's folder beside what is made from it. */
export interface Keeping {
  readonly dir: string;
  readonly answers: readonly SavedAnswer[];
  /** The JSON Schema of the file. */
  readonly schema: string;
  /** Absolute paths of files with secrets, which git must ignore. */
  readonly secrets: readonly string[];
}

/** Plans the pool's `spacectl.yaml`, its schema, and a `.gitignore` for the secrets. @throws UserError as `saveAnswers` */
export async function planPoolFile({ dir, answers, schema, secrets }: Keeping, planner: Planner): Promise<Plan> {
  const read = async (name: string) => (await planner.read(path.join(dir, name)))?.bytes();
  const { text, withheld, outside } = withAnswers(await read(POOL_FILE), answers, dir);
  const ignored = await read('.gitignore');
  const inside = secrets.map((file) => portablePath(path.relative(dir, file)));
  const ignoring = withSecretsIgnored(
    ignored && Buffer.from(ignored).toString(),
    inside.filter((file) => !file.startsWith('../')),
  );
  const file = (name: string, content: string) => planner.file({ path: path.join(dir, name), content: known(content) });
  return {
    changes: [await file(POOL_FILE, text), await file(SCHEMA_FILE, schema), await file('.gitignore', ignoring)],
    warnings: [
      ...withheld.map(
        (place) => `${place} is not saved in ${POOL_FILE}, because it holds a password: pass it to every run`,
      ),
      ...outside.map(
        ([place, file]) =>
          `${place} is ${file}, outside of ${dir}: a checkout elsewhere lacks it. Move it into the directory and name it there`,
      ),
    ],
  };
}
