import { UserError } from '../core/errors.ts';

/** The error for an image that has none of some files. @param instead what it has instead, a sentence, or nothing */
export function noFileAmong(image: string, paths: readonly string[], instead: string): UserError {
  const tried = paths.length === 1 ? `no file ${paths[0]}` : `none of ${paths.join(', ')}`;
  return new UserError('SPACECTL_NO_BUNDLE', `${image} has ${tried}${instead ? `. ${instead}` : ''}`, {
    suggestions: ['Name the file that holds the trust store with --image-path'],
  });
}
