import { UserError } from '../../core/errors.ts';
import { readInput } from '../../files/read.ts';
import { parseVariable } from '../../launcher/index.ts';
import { choice, list, optionalText, text, yesNo } from '../../step/input.ts';
import { parseSecretSource } from './secret-source.ts';

/** The same for every kind of host. */
export const trustOnHost = yesNo({
  summary: 'Make the host itself trust the custom certificates, as where a proxy inspects TLS',
});

/** How the service on a host runs. The defaults are right for most: none of this is asked for. */
export const serviceInputs = {
  'ca-strategy': optionalText({
    summary:
      'host: the host builds the bundle from the runner image it uses, at every start; inline: the finished bundle is shipped. cloud-init: host, systemd: inline, if not given',
    placeholder: 'host|inline',
    parse: oneOf(['host', 'inline']),
  }),
  'mount-path': list({
    summary: 'Further path at which a runner image keeps its trust store; the bundle is mounted there as well',
    placeholder: 'PATH',
    parse: absolutePath,
  }),
  hardening: choice({
    summary: 'standard: sandboxed as far as the launcher allows; off: for trouble-shooting',
    asked: false,
    choices: [{ value: 'standard' }, { value: 'off' }],
    default: 'standard',
  }),
  'systemd-version': text({
    summary: "systemd's version on the host; directives that are newer are left out",
    placeholder: 'NUMBER',
    asked: false,
    default: '252',
    parse: wholeNumber(235, 'a version of systemd, 235 or newer'),
  }),
  'require-update': yesNo({ summary: 'Do not start an older launcher where the newest cannot be had' }),
  restart: choice({
    summary: 'When systemd starts the launcher again',
    asked: false,
    choices: [{ value: 'always' }, { value: 'on-failure' }, { value: 'no' }],
    default: 'always',
  }),
  'stop-timeout': text({
    summary: 'Seconds the launcher has to stop before it is killed, its run with it',
    placeholder: 'SECONDS',
    asked: false,
    default: '30',
    parse: wholeNumber(1, 'a number of seconds'),
  }),
  recycle: yesNo({
    summary:
      'Restart the launcher once a week, at another time on each host; /etc/spacelift/api.env lets it drain first',
  }),
  logs: choice({
    summary: 'journal, or files: /var/log/spacelift/{info,error}.log, rotated by logrotate',
    asked: false,
    choices: [{ value: 'journal' }, { value: 'files' }],
    default: 'journal',
  }),
  secrets: choice({
    summary:
      'How the launcher gets token and key: file: an environment file, 0600; credentials: by systemd, for this service alone (systemd 247); encrypted: the same, encrypted on disk with a key of the machine (systemd 250)',
    asked: false,
    choices: [{ value: 'file' }, { value: 'credentials' }, { value: 'encrypted' }],
    default: 'file',
  }),
  'secrets-from': optionalText({
    summary:
      'Where the host fetches token and key itself, at every start: aws-secretsmanager:ID, aws-ssm:NAME, azure-keyvault:VAULT/SECRET or gcp-secretmanager:projects/P/secrets/S',
    placeholder: 'SOURCE',
    parse: parseSecretSource,
  }),
  engine: choice({
    summary: 'Container engine: Docker, rootless Docker of the user spacelift, or podman',
    asked: false,
    choices: [{ value: 'docker' }, { value: 'rootless' }, { value: 'podman' }],
    default: 'docker',
  }),
  'docker-socket': optionalText({
    summary: "The engine's socket on the host, if not at its usual place",
    placeholder: 'PATH',
    parse: absolutePath,
  }),
  'http-proxy': optionalText({ summary: 'Proxy for plain HTTP', placeholder: 'URL', parse: proxyAddress }),
  'https-proxy': optionalText({
    summary: 'Proxy for HTTPS: of the launcher, worker containers, the Docker daemon and the downloads',
    placeholder: 'URL',
    parse: proxyAddress,
  }),
  'no-proxy': list({
    summary: 'Host, domain or network that is reached without a proxy; loopback and metadata service always are',
    placeholder: 'NAME',
    parse(name) {
      if (/^[^\s,"'\\$`]+$/.test(name)) return name;
      throw new UserError('SPACECTL_BAD_INPUT', `"${name}" is not one name: give the flag once for each`);
    },
  }),
  metadata: list({
    summary: 'Tag of the worker in Spacelift',
    placeholder: 'KEY=VALUE',
    parse: (pair) => parseVariable(`SPACELIFT_METADATA_${pair}`),
  }),
  'instance-metadata': optionalText({
    summary: "Cloud whose metadata service gives further tags (instance_id, zone, …); cloud-init's own, if not given",
    placeholder: 'ec2|azure|gcp|none',
    parse: oneOf(['ec2', 'azure', 'gcp', 'none']),
  }),
  'provider-cache': yesNo({
    summary: 'Keep Terraform providers on the host, in /opt/spacelift/provider-cache, from one run to the next',
  }),
  'docker-config': optionalText({
    summary: "Docker's config.json with logins of private registries, for the launcher",
    placeholder: 'FILE',
    parse: readDockerConfig,
  }),
  'trust-on-host': trustOnHost,
} as const;

function oneOf<const C extends string>(choices: readonly C[]): (value: string) => C {
  return (value) => {
    const found = choices.find((each) => each === value);
    if (found !== undefined) return found;
    throw new UserError('SPACECTL_BAD_INPUT', `"${value}" is not one of ${choices.join(', ')}`);
  };
}

function wholeNumber(least: number, expectation: string): (value: string) => number {
  return (value) => {
    if (/^\d{1,6}$/.test(value) && Number(value) >= least) return Number(value);
    throw new UserError('SPACECTL_BAD_INPUT', `"${value}" is not ${expectation}`);
  };
}

/** A path that may stand in a unit, in a mount and in a list of mounts. */
function absolutePath(file: string): string {
  if (/^\/[^\s:,"'\\$%`]+$/.test(file)) return file;
  throw new UserError(
    'SPACECTL_BAD_INPUT',
    `"${file}" is not an absolute path without spaces, colons, commas and quotes`,
  );
}

/** The address is not shown: it may hold a password. */
function proxyAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && /^(?:https?|socks5h?):$/.test(url.protocol) && /^[!-~]+$/.test(address)) return address;
  throw new UserError('SPACECTL_BAD_INPUT', 'A proxy is given as http://HOST:PORT');
}

async function readDockerConfig(file: string): Promise<Buffer> {
  const bytes = await readInput(file);
  try {
    const document: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) return bytes;
  } catch {
    // The parser's message quotes the text, which holds passwords.
  }
  throw new UserError('SPACECTL_BAD_DATA', `${file} is not a config.json of Docker`);
}
