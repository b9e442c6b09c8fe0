import { yesNo } from '../../../step/input.ts';

/** Whether instances are replaced when what they are started from changes. */
export const instanceRefresh = yesNo({
  summary:
    'Drain and replace half of the instances at a time when the configuration changes; with render terraform it needs an API key with admin rights',
});

/** How far an instance refresh may go down: half of the instances stay, and a new one has a minute to start. */
export const REFRESH_PREFERENCES = { min_healthy_percentage: 50, instance_warmup: 60 } as const;
