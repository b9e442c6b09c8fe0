import { UserError } from '../core/errors.ts';

/** Reports whether a text is an ID of a worker pool: a ULID. Anything else may be the name of one. */
export function isPoolId(text: string): boolean {
  return /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text);
}

/** Parses the ID of a worker pool. @throws UserError `SPACECTL_BAD_INPUT` if it is not a ULID */
export function parsePoolId(id: string): string {
  if (isPoolId(id)) return id;
  throw new UserError(
    'SPACECTL_BAD_INPUT',
    `"${id}" is not the ID of a worker pool, such as 01HCC6QZ932J7WDF4FTVM9QMEP`,
    {
      suggestions: [{ command: 'spacectl workerpool list' }],
    },
  );
}
