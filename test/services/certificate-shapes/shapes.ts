import { type Authority, makeAuthority } from './authority.ts';
import { oddAlternativeNames } from './odd/alternative-names.ts';
import { oddConstraints } from './odd/authority-extensions.ts';
import { oddFields } from './odd/fields.ts';
import { oddKeys } from './odd/keys.ts';
import { oddNames } from './odd/names.ts';
import { oddExtensions } from './odd/other-extensions.ts';
import { oddlyWritten } from './odd/written.ts';

/** Shapes of authorities that some reader might not trust, with titles of what they are. */
export function oddAuthorities(): readonly Authority[] {
  return [
    makeAuthority('a sound root'),
    ...oddKeys(),
    ...oddFields(),
    ...oddNames(),
    ...oddConstraints(),
    ...oddAlternativeNames(),
    ...oddExtensions(),
    ...oddlyWritten(),
  ];
}
