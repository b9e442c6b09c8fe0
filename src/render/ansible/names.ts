/** Where the role keeps the files it installs, readable only by root. */
export const ROLE_FOLDER = '/usr/local/lib/spacectl';

/** The group of the rendered inventory. */
export const INVENTORY_GROUP = 'spacelift_workers';

/** The host of a rendered inventory until the user names others. */
export const EXAMPLE_HOST = 'worker-1.example.com';
