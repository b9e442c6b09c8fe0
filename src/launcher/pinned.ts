/** The fingerprint of the OpenPGP key that signs launchers. The key itself changes when its expiry is extended. */
export const SIGNING_KEY = '175FD97AD2358EFE02832978E302FB5AA29D88F7';
