import { yesNo } from '../../step/input.ts';
import { step } from '../../step/step.ts';
import { root } from './inputs.ts';

/** Takes away what an installation made, and nothing else. */
export const hostUninstall = step({
  id: 'hostUninstall',
  title: 'what was installed',
  inputs: {
    root,
    purge: yesNo({
      summary: 'Take token and private key away as well, and what is left in /opt/spacelift and /var/log/spacelift',
    }),
  },
  async plan(values, planner) {
    const { planUninstall } = await import('./uninstall.ts');
    return planUninstall(values, planner);
  },
});
