/** Where the role keeps the files it installs, readable only by root. */
export const ROLE_FOLDER = '/usr/local/lib/spacectl';
