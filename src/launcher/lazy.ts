/** Describes an installed launcher. @returns `undefined` if it does not exist */
export const describeLauncher: typeof import('./describe.ts').describeLauncher = async (...given) =>
  (await import('./describe.ts')).describeLauncher(...given);

/** Describes the key that signs launchers. @throws UserError as `spacectl launcher download` */
export const describeSigningKey: typeof import('./describe.ts').describeSigningKey = async (...given) =>
  (await import('./describe.ts')).describeSigningKey(...given);

/** Finds the digest of the newest launcher for this machine. @throws UserError as `spacectl launcher verify` */
export const describeNewestLauncher: typeof import('./describe.ts').describeNewestLauncher = async (...given) =>
  (await import('./describe.ts')).describeNewestLauncher(...given);

/** Finds the launcher that a plan can write to `target`. @throws UserError as `spacectl launcher download` */
export const findLauncher: typeof import('./find.ts').findLauncher = async (...given) =>
  (await import('./find.ts')).findLauncher(...given);

/** Returns the public bytes of a usable signing key that is given or kept, armored. @throws UserError for a bad file */
export const keptSigningKey: typeof import('./signing-key.ts').keptSigningKey = async (...given) =>
  (await import('./signing-key.ts')).keptSigningKey(...given);
