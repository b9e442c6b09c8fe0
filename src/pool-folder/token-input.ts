import { secret } from '../step/input.ts';
import { anyText } from '../step/parsers.ts';

/** The worker pool's token, for those who have it elsewhere than in the pool's directory. */
export const token = secret({
  // The folder keeps the token itself.
  section: null,
  summary: "Worker pool token, if not the directory's own (-: standard input)",
  placeholder: 'FILE',
  asked: false,
  parse: anyText,
});
