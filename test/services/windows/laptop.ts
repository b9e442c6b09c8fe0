/** A word of a command line; a path is given as the system writes it. */
export type Word = string | { readonly path: string };

/** A command of a laptop, run in a folder with `pools/eu` (a key pair and its token) and `certificates/` (PEM files). */
export interface LaptopCommand {
  readonly words: readonly Word[];
  /** How it ends, if not with 0. */
  readonly exitCode?: number;
  /** Whether `npm test` runs it: one command of a kind. */
  readonly isSample?: true;
}

const POOL: Word = { path: 'pools/eu' };
const DIR: readonly Word[] = ['--dir', POOL];
const NETWORK = ['--region', 'eu-west-1', '--subnet', 'subnet-0a1b2c3d', '--security-group', 'sg-0a1b2c3d'];
const render = (name: string, ...more: readonly Word[]): LaptopCommand => ({
  words: ['render', name, ...DIR, ...more],
});
const terraform = (cloud: string, ...more: readonly Word[]) => render('terraform', '--cloud', cloud, ...more);

/** What people do on their own machines, in order. @param image in a registry that both systems reach */
export function laptopCommands(image: string): readonly LaptopCommand[] {
  const bundle: Word = { path: 'pools/eu/custom-ca-bundle.crt' };
  return [
    { words: ['keypair', 'generate', ...DIR], isSample: true },
    { words: ['keypair', 'encode', { path: 'pools/eu/spacelift.key' }], isSample: true },
    { words: ['keypair', 'encode', '--decode', { path: 'encoded.txt' }] },
    { words: ['keypair', 'verify', ...DIR] },
    { words: ['token', 'inspect', { path: 'pools/eu/worker-pool.config' }] },
    {
      words: ['ca-bundle', 'build', ...DIR, '--image', image, '--ca', { path: 'certificates/corporate' }],
      isSample: true,
    },
    { words: ['ca-bundle', 'build', ...DIR, '--image', image, '--ca', { path: 'certificates/lines.pem' }] },
    { words: ['ca-bundle', 'check', ...DIR] },
    { words: ['ca-bundle', 'inspect', bundle] },
    { words: ['ca-bundle', 'diff', bundle, image] },
    {
      words: [
        'ca-bundle',
        'build',
        '--dir',
        { path: 'pools/manifest' },
        '--image',
        { path: 'certificates/base.pem' },
      ].concat(['--ca', { path: 'certificates/lines.pem' }, '--format', 'secret-manifest'] as never[]) as Word[],
    },
    {
      words: [
        ...['init', '--no-input', ...DIR, '--image', image],
        ...['--ca', { path: 'certificates/corporate' }, '--target', 'systemd', '--target', 'docker'],
      ],
      isSample: true,
    },
    { words: ['apply', POOL] },
    { words: ['status', POOL], isSample: true },
    render('systemd', '--secrets', 'encrypted', '--recycle'),
    render('cloud-init', '--cloud', 'ec2', '--secrets-from', 'aws-secretsmanager:spacelift/pool'),
    render('docker', '--env', 'GREETING=a b'),
    render('ansible', '--host', 'worker-1.example.com'),
    render('ecs', ...NETWORK, '--arch', 'arm64'),
    terraform('aws', ...NETWORK),
    terraform('azure'),
    terraform('gcp', '--project', 'my-project'),
  ];
}
