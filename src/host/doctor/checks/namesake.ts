import { findSpacectls, type NamedSpacectl } from '../../../spacelift/index.ts';
import { type Check, good, warning } from '../check.ts';

const KINDS: Readonly<Record<NamedSpacectl['kind'], string>> = {
  ours: 'this program',
  spacelift: "Spacelift's CLI",
  other: 'another program',
};

/** Checks which spacectl a shell starts: Spacelift's CLI has the same name, so it depends on the PATH. */
const namesake: Check = {
  id: 'namesake',
  title: 'Programs called spacectl',
  stage: 'always',
  async run() {
    const found = await findSpacectls(process.env);
    if (found.length === 0) return good('none on the PATH; this one was started by its path');
    const listed = found.map(({ path, kind }) => `${path} (${KINDS[kind]})`).join(', ');
    const isHidden = found.findIndex(({ kind }) => kind === 'ours') > 0;
    if (!isHidden) return good(listed);
    return warning(`${listed}: shells start the first one`, 'Put the folder of this program first on the PATH');
  },
};

export const namesakeChecks: readonly Check[] = [namesake];
