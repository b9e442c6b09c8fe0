import { findSpacectls } from '../../../spacelift/index.ts';
import { type Check, good, warning } from '../check.ts';

/** The vendor's CLI has this program's name: which of them a shell starts depends on the order of the PATH. */
const namesake: Check = {
  id: 'namesake',
  title: 'Programs called spacectl',
  stage: 'always',
  async run() {
    const found = await findSpacectls(process.env);
    if (found.length === 0) return good('none on the PATH; this one was started by its path');
    const listed = found
      .map(({ path, isOurs }) => `${path} (${isOurs ? 'this program' : "the vendor's CLI"})`)
      .join(', ');
    const hidden = found.findIndex(({ isOurs }) => isOurs) > 0;
    if (!hidden) return good(listed);
    return warning(`${listed}: the first is started`, 'Put the folder of this program first on the PATH');
  },
};

export const namesakeChecks: readonly Check[] = [namesake];
