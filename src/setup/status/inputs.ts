import { optionalCaBundle, update } from '../../ca-bundle/index.ts';
import { sshInputs } from '../../deploy/index.ts';
import { target, targetParts } from '../../render/index.ts';
import { apiEndpoint, poolName, poolSource, poolToUse, profile } from '../../spacelift/index.ts';
import { conversation } from '../../step/conversation.ts';
import { oneOf, optionalText } from '../../step/input.ts';
import { anyText } from '../../step/parsers.ts';
import { directory, offline } from '../../step/shared.ts';

/** What the command asks for itself. */
export const statusInputs = {
  dir: { ...directory, positional: 'too' },
  offline,
  update,
  annotations: optionalText({
    summary: 'Print what needs doing as annotations: github for GitHub Actions, gitlab for a Code Quality report',
    placeholder: 'github|gitlab',
    parse: oneOf(['github', 'gitlab']),
  }),
} as const;

/** What spacectl.yaml says of a folder, as far as its state depends on it: nothing that only creates the pool. */
export const statusParts = conversation()
  .ask({ dir: directory, offline, pool: poolSource, 'pool-id': poolToUse, profile, name: poolName, ...sshInputs })
  // Whether there is one counts, not whether it is right.
  .ask({ 'api-endpoint': optionalText({ ...apiEndpoint, parse: anyText }) })
  .step(optionalCaBundle)
  .ask({ target })
  .parts(targetParts).all;
