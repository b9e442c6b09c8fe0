import { UserError } from '../core/errors.ts';

/** Creates the error for an image that has none of some files. @param instead what it has instead: a sentence, or empty */
export function fileNotFound(image: string, paths: readonly string[], instead: string): UserError {
  const tried = paths.length === 1 ? `no file ${paths[0]}` : `none of ${paths.join(', ')}`;
  return new UserError('SPACECTL_NO_BUNDLE', `${image} has ${tried}${instead ? `. ${instead}` : ''}`, {
    suggestions: ['Pass --image-path PATH with the file that holds the trust store'],
  });
}
