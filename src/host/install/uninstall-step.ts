import { yesNo } from '../../step/input.ts';
import { step } from '../../step/step.ts';
import { root } from './inputs.ts';

/** Removes what an installation created, and nothing else. */
export const hostUninstall = step({
  id: 'hostUninstall',
  title: 'what was installed',
  inputs: {
    root,
    purge: yesNo({
      summary: 'Also remove the token, the private key, and everything in /opt/spacelift and /var/log/spacelift',
    }),
  },
  async plan(values, planner) {
    const { planUninstall } = await import('./uninstall.ts');
    return planUninstall(values, planner);
  },
});
