import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { quoteForShell } from '../../src/core/text.ts';
import { fillTemplate } from '../../src/render/format/template.ts';
import { startDownloadHost } from './download-host.ts';
import { writeScript } from './script.ts';
import { temporaryFolder } from './temporary.ts';

/** A download host with a signing key of its own, and a machine that updates from it. */
export async function setUpUpdater(shell: readonly string[], downgrade: 'yes' | 'no' = 'no') {
  const pinned: { fingerprint?: string } = {};
  const folder = await temporaryFolder();
  const host = await startDownloadHost();
  const script = path.join(folder, 'spacelift-update-launcher');
  const values = { domain: 'spacelift.io', variant: '', fingerprint: host.fingerprint, downgrade };
  await writeScript(script, await fillTemplate('systemd/spacelift-update-launcher', values, quoteForShell), shell);
  const state = path.join(folder, 'state');
  const keyFile = path.join(folder, 'launcher-signing-key.asc');
  const destination = path.join(folder, 'bin/spacelift-launcher');
  /** What goes before the script, for example to run it in a namespace of its own. */
  const within: string[] = [];
  const run = (env: Record<string, string> = {}, ...options: readonly string[]) => {
    const [program = '', ...words] = [...within, ...shell, script, ...options];
    return execa(program, words, {
      reject: false,
      env: {
        ...(pinned.fingerprint !== undefined && { SPACELIFT_LAUNCHER_FINGERPRINT: pinned.fingerprint }),
        SPACELIFT_LAUNCHER_DESTINATION: destination,
        SPACELIFT_LAUNCHER_DOWNLOADS: host.url,
        SPACELIFT_LAUNCHER_KEY_URL: `${host.url}/key`,
        SPACELIFT_LAUNCHER_KEY_FILE: keyFile,
        SPACELIFT_LAUNCHER_STATE: state,
        SPACELIFT_RUN: path.join(folder, 'run'),
        ...env,
      },
    });
  };
  return {
    ...host,
    run,
    within,
    destination,
    folder,
    state,
    keyFile,
    pinned,
    result: () => updateResult(state, 'launcher'),
  };
}

export type UpdatingHost = Awaited<ReturnType<typeof setUpUpdater>>;

/** Returns what the last update of the launcher or of the bundle came to, as the script recorded it, if it was just now. */
export async function updateResult(state: string, what: 'launcher' | 'bundle'): Promise<string | undefined> {
  const text = await readFile(path.join(state, `${what}-update`), 'utf8').catch(() => '');
  const [, time, result] = /^(\d{10}) ([a-z]+)\n$/.exec(text) ?? [];
  return Math.abs(Number(time) - Date.now() / 1000) < 120 ? result : undefined;
}
