import { UserError } from '../core/errors.ts';

/** Parses the ID of a worker pool. @throws UserError `SPACECTL_BAD_INPUT` if it is not a ULID */
export function parsePoolId(id: string): string {
  if (/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id)) return id;
  throw new UserError(
    'SPACECTL_BAD_INPUT',
    `"${id}" is not the ID of a worker pool, such as 01HCC6QZ932J7WDF4FTVM9QMEP`,
    {
      suggestions: ['spacectl workerpool list'],
    },
  );
}
