import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { quoteForShell } from '../../src/core/text.ts';
import { fillTemplate } from '../../src/render/format/template.ts';
import { createAuthority } from './authority.ts';
import type { Docker } from './docker.ts';
import { writeScript } from './script.ts';
import { temporaryFolder } from './temporary.ts';
import { updateResult } from './updater.ts';

const TEMPLATE = 'host/spacelift-update-ca-bundle';
const DEBIAN = '/etc/ssl/certs/ca-certificates.crt';
const RED_HAT = '/etc/pki/tls/certs/ca-bundle.crt';

/** Imports an image that has a trust store at Debian's path, and at Red Hat's through a link. */
export async function makeImage({ docker }: Pick<Docker, 'docker'>, name: string, bundle: string, hasRedHat = true) {
  const root = await temporaryFolder();
  await mkdir(path.join(root, path.dirname(DEBIAN)), { recursive: true });
  await writeFile(path.join(root, DEBIAN), bundle);
  if (hasRedHat) {
    const extracted = '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem';
    await mkdir(path.join(root, path.dirname(RED_HAT)), { recursive: true });
    await mkdir(path.join(root, path.dirname(extracted)), { recursive: true });
    await writeFile(path.join(root, extracted), `# Red Hat's\n${bundle}`);
    await symlink(extracted, path.join(root, RED_HAT));
  }
  const tar = path.join(root, 'image.tar');
  await execa('tar', ['-C', root, '-cf', tar, 'etc']);
  await docker('import', tar, name);
}

/** A host with the company's certificate and the rendered script. */
export async function setUpBundleHost({ docker, host }: Docker, image: string, shell: readonly string[] = ['dash']) {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, 'etc', name);
  const { authority } = await createAuthority();
  await mkdir(at(''));
  await writeFile(at('custom-ca.crt'), authority);
  const mounts = `${at('bundle.crt')}:${DEBIAN}\n${at('bundle-2.crt')}:${RED_HAT}`;
  const script = path.join(folder, 'spacelift-update-ca-bundle');
  await writeScript(script, await fillTemplate(TEMPLATE, { mounts, image }, quoteForShell), shell);
  /** What goes before the script, for example to run it in a namespace of its own. */
  const within: string[] = [];
  const run = (env: Record<string, string> = {}) => {
    const [program = '', ...words] = [...within, ...shell, script];
    return execa(program, words, {
      reject: false,
      env: {
        DOCKER_HOST: host,
        SPACELIFT_CA_CERTIFICATES: at('custom-ca.crt'),
        SPACELIFT_LAUNCHER_STATE: path.join(folder, 'state'),
        SPACELIFT_RUN: path.join(folder, 'run'),
        ...env,
      },
    });
  };
  const result = () => updateResult(path.join(folder, 'state'), 'bundle');
  const read = (name: string) => readFile(at(name), 'utf8');
  const containers = () => docker('ps', '--all', '--quiet');
  return { authority, run, within, read, at, containers, result, folder };
}
