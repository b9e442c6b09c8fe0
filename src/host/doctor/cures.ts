import { quoteIfNeeded } from '../../core/text.ts';
import type { Cure } from './check.ts';
import type { Facts } from './facts/facts.ts';
import type { Installation } from './facts/installation.ts';

/** Restarts the launcher, which reads its settings again and updates launcher and bundle. */
export const RESTART = 'systemctl restart spacelift-launcher';

/** What does not work without the engine. */
export const AFTER_ENGINE = [
  'engine',
  'service',
  'worker',
  'bundle-mounted',
  'bundle-current',
  'bundle-clients',
  'bundle-handshake',
];

/** Returns how to render and install the files again. */
export function installAgain({ poolFolder }: Pick<Installation, 'poolFolder'>, why = 'Install again'): Cure {
  if (poolFolder === undefined)
    return { fix: `${why} from the pool's directory, with the same flags: spacectl host install --dir DIR` };
  return {
    fix: `${why}, with the flags of the installation`,
    commands: [`spacectl host install --dir ${quoteIfNeeded(poolFolder)}`],
  };
}

/** Returns how to change a setting of the launcher. */
export function changeSetting(name: string, meaning: string, installation: Pick<Installation, 'poolFolder'>): Cure {
  const { fix } = installAgain({ poolFolder: undefined }, 'Install again');
  const dir = installation.poolFolder === undefined ? 'DIR' : quoteIfNeeded(installation.poolFolder);
  return { fix: `${meaning}. ${fix.replace('DIR', dir)} --env ${name}=VALUE` };
}

/** Returns how to disable a drop-in of the launcher's unit: systemd ignores other endings than .conf. */
export function disableDropIn(path: string): readonly string[] {
  const file = quoteIfNeeded(path);
  return [`mv ${file} ${quoteIfNeeded(`${path}.disabled`)}`, 'systemctl daemon-reload', RESTART];
}

/** Reports whether the host builds the bundle itself, at every start. */
export function isBuiltOnHost({ paths }: Pick<Facts, 'paths'>): boolean {
  return paths.entries.get('/usr/local/sbin/spacelift-update-ca-bundle') !== undefined;
}

/** Returns how to build a bundle again: on the host, which does it at every start, or in the pool's directory. */
export function rebuildBundle(facts: Pick<Facts, 'installation' | 'paths'>): Cure {
  if (isBuiltOnHost(facts)) return { fix: 'Restart the service, which builds it', commands: [RESTART] };
  return installAgain(facts.installation);
}
