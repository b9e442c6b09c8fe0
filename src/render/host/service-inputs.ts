import { UserError } from '../../core/errors.ts';
import { parseUrl } from '../../core/url.ts';
import { parseVariable } from '../../launcher/index.ts';
import { choice, inSection, list, oneOf, optionalText, text, yesNo } from '../../step/input.ts';
import { wholeNumber } from '../../step/parsers.ts';
import { parseSecretSource } from './secret-source.ts';

/** Seconds that the launcher lets a run take: the default of SPACELIFT_LAUNCHER_RUN_TIMEOUT is 70m (Spacelift's documentation). */
export const LONGEST_RUN = 4200;

/** Whether the host trusts the custom certificates itself. Every target asks it the same way. */
export const trustOnHost = yesNo({
  section: 'hosts',
  summary: 'Also make the host trust the custom certificates, for example behind a proxy that inspects TLS',
});

/** How long a run may take when its launcher is stopped. */
export const stopTimeout = text({
  summary: 'Seconds that the launcher has to stop before it and its run are killed',
  placeholder: 'SECONDS',
  asked: false,
  default: '30',
  parse: wholeNumber({ least: 1, most: 999_999, meaning: 'a number of seconds' }),
});

/** How the service runs on a host. The defaults suit most pools, so the wizard asks none of this. */
export const serviceInputs = inSection('hosts', {
  'ca-strategy': optionalText({
    summary:
      'host: the host builds the bundle from its runner image at every start; inline: the finished bundle is shipped. Default: inline for systemd, host for cloud-init and Ansible',
    placeholder: 'host|inline',
    parse: oneOf(['host', 'inline']),
  }),
  'mount-path': list({
    summary: 'Additional path of the trust store in runner images, where the bundle is also mounted',
    placeholder: 'PATH',
    parse: absolutePath,
  }),
  hardening: choice({
    summary: 'standard: sandbox the launcher as far as it allows; off: for troubleshooting',
    asked: false,
    choices: [{ value: 'standard' }, { value: 'off' }],
    default: 'standard',
  }),
  'systemd-version': text({
    summary: 'systemd version on the host; newer directives are left out',
    placeholder: 'NUMBER',
    asked: false,
    default: '252',
    parse: wholeNumber({ least: 235, meaning: 'a systemd version of 235 or newer' }),
  }),
  'require-update': yesNo({ summary: 'Do not start an older launcher if the newest cannot be downloaded' }),
  restart: choice({
    summary: 'When systemd restarts the launcher',
    asked: false,
    choices: [{ value: 'always' }, { value: 'on-failure' }, { value: 'no' }],
    default: 'always',
  }),
  'stop-timeout': stopTimeout,
  recycle: yesNo({
    summary:
      'Restart the launcher once a week, at a different time on each host; a run in progress has --stop-timeout seconds to finish',
  }),
  logs: choice({
    summary: 'journal: the systemd journal; files: /var/log/spacelift/{info,error}.log, rotated by logrotate',
    asked: false,
    choices: [{ value: 'journal' }, { value: 'files' }],
    default: 'journal',
  }),
  secrets: choice({
    summary:
      'How the launcher gets the token and the private key. file: an environment file of mode 0600; credentials: systemd passes them to this service alone (systemd 247); encrypted: like credentials, and encrypted on disk with a key of the machine (systemd 250)',
    asked: false,
    choices: [{ value: 'file' }, { value: 'credentials' }, { value: 'encrypted' }],
    default: 'file',
  }),
  'secrets-from': optionalText({
    summary:
      'Secret store from which the host fetches the token and the private key at every start: aws-secretsmanager:ID, aws-ssm:NAME, azure-keyvault:VAULT/SECRET or gcp-secretmanager:projects/P/secrets/S',
    placeholder: 'SOURCE',
    parse: parseSecretSource,
  }),
  engine: choice({
    summary: 'Container engine: Docker, rootless Docker of the user spacelift, or Podman',
    asked: false,
    choices: [{ value: 'docker' }, { value: 'rootless' }, { value: 'podman' }],
    default: 'docker',
  }),
  'docker-socket': optionalText({
    summary: "Path of the engine's socket on the host, if not the default",
    placeholder: 'PATH',
    parse: absolutePath,
  }),
  'http-proxy': optionalText({ summary: 'Proxy for plain HTTP', placeholder: 'URL', parse: proxyAddress }),
  'https-proxy': optionalText({
    summary: 'Proxy for HTTPS, used by the launcher, worker containers, the Docker daemon and downloads',
    placeholder: 'URL',
    parse: proxyAddress,
  }),
  'no-proxy': list({
    summary: 'Host, domain or network to reach without a proxy; loopback and the metadata service always bypass it',
    placeholder: 'NAME',
    parse(name) {
      if (/^[^\s,"'\\$`]+$/.test(name)) return name;
      throw new UserError(
        'SPACECTL_BAD_INPUT',
        `"${name}" is not a host, domain or network. Repeat the flag for several`,
      );
    },
  }),
  metadata: list({
    summary: 'Tag of the worker in Spacelift',
    placeholder: 'KEY=VALUE',
    parse: (pair) => parseVariable(`SPACELIFT_METADATA_${pair}`),
  }),
  'instance-metadata': optionalText({
    summary:
      "Cloud whose metadata service provides more tags (instance_id, zone, …). Default: the cloud of cloud-init's --cloud",
    placeholder: 'ec2|azure|gcp|none',
    parse: oneOf(['ec2', 'azure', 'gcp', 'none']),
  }),
  'provider-cache': yesNo({
    summary: 'Cache Terraform providers on the host between runs, in /opt/spacelift/provider-cache',
  }),
  'docker-config': optionalText({
    summary: "Docker config.json with the launcher's logins for private registries",
    placeholder: 'FILE',
    parse: async (file) => (await import('./docker-config.ts')).readDockerConfig(file),
  }),
  'trust-on-host': trustOnHost,
});

/** Accepts a path that is safe in a unit, in a mount and in a list of mounts. */
function absolutePath(file: string): string {
  if (/^\/[^\s:,"'\\$%`]+$/.test(file)) return file;
  throw new UserError(
    'SPACECTL_BAD_INPUT',
    `"${file}" is not an absolute path without spaces, colons, commas or quotes`,
  );
}

/** Accepts the URL of a proxy. The error does not repeat it, because it may hold a password. */
function proxyAddress(address: string): string {
  const url = parseUrl(address);
  if (url && /^(?:https?|socks5h?):$/.test(url.protocol) && /^[!-~]+$/.test(address)) return address;
  throw new UserError('SPACECTL_BAD_INPUT', 'The proxy is not a URL like http://HOST:PORT');
}
