import { findSpacectls } from '../../../spacelift/index.ts';
import { type Check, good, warning } from '../check.ts';

/** Checks which spacectl a shell starts: Spacelift's CLI has the same name, so it depends on the PATH. */
const namesake: Check = {
  id: 'namesake',
  title: 'Programs called spacectl',
  stage: 'always',
  async run() {
    const found = await findSpacectls(process.env);
    if (found.length === 0) return good('none on the PATH; this one was started by its path');
    const listed = found
      .map(({ path, isOurs }) => `${path} (${isOurs ? 'this program' : "Spacelift's CLI"})`)
      .join(', ');
    const isHidden = found.findIndex(({ isOurs }) => isOurs) > 0;
    if (!isHidden) return good(listed);
    return warning(`${listed}: shells start the first one`, 'Put the folder of this program first on the PATH');
  },
};

export const namesakeChecks: readonly Check[] = [namesake];
