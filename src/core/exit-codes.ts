/** What each exit code means, in general. Which error code has which is in errors.ts. */
export const EXIT_CODES: Readonly<Record<number, string>> = {
  0: 'done, or nothing to do',
  1: 'a bug in spacectl',
  2: 'wrong or missing input',
  10: 'a check found something',
  65: 'bad data: a certificate, a token, an image',
  69: 'a service or program is unreachable, missing, or refused',
  73: 'would overwrite, or cannot create',
  74: 'reading or writing failed',
  76: 'a digest or signature does not match',
  77: 'not allowed, or not logged in',
  78: 'bad configuration or answers file',
  130: 'interrupted by Ctrl-C (SIGTERM: 143, SIGHUP: 129)',
};
