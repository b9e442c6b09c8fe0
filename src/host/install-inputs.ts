import { hostInputs } from '../render/index.ts';
import { optionalText } from '../step/input.ts';

/** Another tree than this machine's own. */
export const root = optionalText({
  summary: 'Work in this tree instead of the running host: for building an image; starts nothing',
  placeholder: 'DIR',
  parse: (folder) => folder,
});

export const installInputs = { ...hostInputs, root } as const;
