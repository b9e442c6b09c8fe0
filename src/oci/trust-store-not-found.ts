import type { UserError } from '../core/errors.ts';
import { fileNotFound } from './file-not-found.ts';
import type { Image } from './image.ts';
import { looksLikeCertificate } from './layers/filter.ts';
import { fromByteName } from './tar/paths.ts';
import type { Applied } from './tree/apply.ts';
import type { Directory } from './tree/tree.ts';

/** Creates the error for an image that has no file at some paths; it lists those that look like certificates. */
export function trustStoreNotFound(
  image: Image,
  paths: readonly string[],
  { root }: Applied,
  remarks: readonly string[],
): UserError {
  const others = certificateFiles(root);
  const found = others.length > 0 ? `It has ${others.slice(0, 10).join(', ')}` : 'No file in it ends in .pem or .crt';
  const more = others.length > 10 ? ` and ${others.length - 10} more` : '';
  return fileNotFound(image.reference, paths, [...remarks, `${found}${more}`].join('. '));
}

/** Lists the paths of files that look like certificates, those nearest to the root first. */
function certificateFiles(root: Directory): readonly string[] {
  const found: string[] = [];
  const todo = [{ path: '', directory: root }];
  for (const { path, directory } of todo) {
    for (const [name, node] of directory.children) {
      if (node.kind === 'directory') todo.push({ path: `${path}/${name}`, directory: node });
      else if (node.kind === 'file' && node.size > 0 && looksLikeCertificate(name))
        found.push(fromByteName(`${path}/${name}`));
    }
  }
  return found;
}
