import { keptSigningKey } from '../../launcher/index.ts';
import { known } from '../../step/content.ts';
import type { Values } from '../../step/input.ts';
import type { FileAdder, FillHostTemplate } from './host-file.ts';
import type { hostInputs } from './inputs.ts';
import { type conditionsOf, renderDaemonProxies } from './unit.ts';
import { hasProxyPassword } from './url-password.ts';

/** What the optional files are chosen and rendered by. */
interface OptionalFileOptions extends FileAdder {
  readonly values: Values<typeof hostInputs>;
  readonly conditions: ReturnType<typeof conditionsOf>;
  readonly fill: FillHostTemplate;
}

/** Adds the files that only some hosts need. */
export async function addOptionalFiles({
  values,
  conditions,
  fill,
  add,
  program,
  unit,
}: OptionalFileOptions): Promise<void> {
  if (conditions.wrapped) program('spacelift-with-credentials', await fill('host/spacelift-with-credentials'));
  if (conditions.metadata) {
    program('spacelift-instance-metadata', await fill('host/spacelift-instance-metadata'));
  }
  const { fingerprint, 'signing-key': file, 'launcher-sha256': pinned } = values;
  const key = pinned === undefined ? await keptSigningKey({ fingerprint, file }) : undefined;
  if (key) add('/etc/spacelift/launcher-signing-key.asc', key, 0o644);
  const source = values['secrets-from'];
  if (source) {
    const given = { source: source.kind, name: source.name };
    program('spacelift-fetch-secrets', await fill('host/spacelift-fetch-secrets', given));
  }
  if (values.recycle) {
    program('spacelift-recycle', await fill('host/spacelift-recycle', { patience: '14400' }));
    for (const name of ['spacelift-recycle.service', 'spacelift-recycle.timer'])
      unit(name, await fill(`systemd/${name}`));
  }
  if (conditions.files) add('/etc/logrotate.d/spacelift', await fill('systemd/spacelift.logrotate'), 0o644);
  if (conditions.proxy) {
    const destination = '/etc/systemd/system/docker.service.d/spacelift-proxy.conf';
    add(destination, await renderDaemonProxies(values), 0o600, { isSecret: hasProxyPassword(values) });
  }
  if (values.engine === 'podman') {
    for (const name of ['spacelift-podman.socket', 'spacelift-podman.service'])
      unit(name, await fill(`systemd/${name}`));
  }
  const dockerConfig = values['docker-config'];
  if (dockerConfig) {
    const access = { isSecret: true, group: 'spacelift', name: 'docker-config.json' } as const;
    add('/etc/spacelift/docker/config.json', known(dockerConfig), 0o640, access);
  }
}
