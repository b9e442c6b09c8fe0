/** The OpenPGP key that signs launchers; pinned, since the key's expiry, and so its bytes, change. */
export const SIGNING_KEY = '175FD97AD2358EFE02832978E302FB5AA29D88F7';
