import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { hostInputs } from '../../render/index.ts';
import type { Values } from '../../step/input.ts';
import { optionalText } from '../../step/input.ts';

/** Another tree than this machine's own. */
export const root = optionalText({
  summary: 'Work in this directory tree instead of on the running host, for building an image; starts nothing',
  placeholder: 'DIR',
  async parse(folder) {
    if (await stat(path.join(folder, 'etc/passwd')).catch(() => undefined)) return folder;
    throw new UserError('SPACECTL_BAD_INPUT', `${folder} is not the root of a Linux system: it has no /etc/passwd`);
  },
});

export const installInputs = { ...hostInputs, root } as const;

/** What an installation is told. */
export type InstallValues = Values<typeof installInputs>;
