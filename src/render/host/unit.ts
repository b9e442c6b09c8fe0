import type { Values } from '../../step/input.ts';
import { type Conditions, fillTemplate } from '../format/template.ts';
import { quoteForUnit } from '../format/unit-value.ts';
import type { hostInputs } from './inputs.ts';
import { proxySettings, socketOf } from './launcher-settings.ts';

type Given = Values<typeof hostInputs>;

/** Returns the conditions that the templates of the unit and the installer depend on. */
export function conditionsOf(
  values: Given,
  { isHostBuilt, hasMetadata }: { isHostBuilt: boolean; hasMetadata: boolean },
) {
  const { engine, secrets, hardening } = values;
  const isFetched = values['secrets-from'] !== undefined;
  return {
    docker: engine === 'docker',
    rootless: engine === 'rootless',
    podman: engine === 'podman',
    fetched: isFetched,
    // The scripts that fetch secrets or a launcher from AWS call its command line.
    aws:
      values['secrets-from']?.kind.startsWith('aws-') === true || values['launcher-from']?.startsWith('s3:') === true,
    file: !isFetched && secrets === 'file',
    credentials: !isFetched && secrets === 'credentials',
    encrypted: !isFetched && secrets === 'encrypted',
    plain: !isFetched && secrets !== 'encrypted',
    wrapped: !isFetched && secrets !== 'file',
    metadata: hasMetadata,
    required: values['require-update'],
    host: isHostBuilt,
    files: values.logs === 'files',
    sandbox: hardening === 'standard' ? values['systemd-version'] : 0,
    trust: values['trust-on-host'],
    recycle: values.recycle,
    cache: values['provider-cache'],
    proxy: engine === 'docker' && Object.keys(proxySettings(values)).length > 0,
  } satisfies Conditions;
}

/** Renders the launcher's unit. */
export async function renderUnit(values: Given, conditions: Conditions): Promise<string> {
  // A socket in a home directory or below /run/user has to be visible; connecting to it writes nothing there.
  const isHomeSeen = /^\/(?:home|root|run\/user)\//.test(socketOf(values) ?? '');
  const settings = {
    restart: values.restart,
    stop: String(values['stop-timeout']),
    ...(conditions['sandbox'] !== 0 && { home: isHomeSeen ? 'read-only' : 'yes' }),
  };
  return fillTemplate('systemd/spacelift-launcher.service', settings, quoteForUnit, conditions);
}

/** Renders the proxy settings of the Docker daemon, which pulls the images. */
export async function renderDaemonProxies(values: Given): Promise<string> {
  const { HTTP_PROXY: http, HTTPS_PROXY: https, NO_PROXY: exceptions } = proxySettings(values);
  const variables = {
    ...(http !== undefined && { http: `HTTP_PROXY=${http}` }),
    ...(https !== undefined && { https: `HTTPS_PROXY=${https}` }),
    ...(exceptions !== undefined && { exceptions: `NO_PROXY=${exceptions}` }),
  };
  const conditions = { http: 'http' in variables, https: 'https' in variables, exceptions: 'exceptions' in variables };
  return fillTemplate('systemd/docker-proxy.conf', variables, quoteForUnit, conditions);
}
