import { execa } from 'execa';
import { temporaryFolder } from './temporary.ts';

/** Copies an image with skopeo, apart from the user's own logins and from what it remembers for the user. */
export async function copyImage(from: string, to: string): Promise<void> {
  const options = to.startsWith('docker://') ? ['--dest-tls-verify=false', '--dest-no-creds'] : [];
  await execa('skopeo', ['copy', ...options, from, to], { env: { XDG_DATA_HOME: await temporaryFolder() } });
}
