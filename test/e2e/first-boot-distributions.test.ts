import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { AMAZON_LINUX_2, DISTRIBUTIONS, type Distribution } from '../services/distributions.ts';
import { DISTRIBUTION_NEEDS, runOn } from '../services/package-managers.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** Settings of a launcher that would end a shell that takes them over, or change what it does. */
const HARMFUL = ['PATH=/nowhere', 'UID=7', 'attempts=0', 'ID=none', 'IFS=/', 'needed=nothing'];

/** Runs the first boot. The installer, which is the same everywhere, only checks the host. */
async function bootOn(distribution: Distribution, ...flags: readonly string[]) {
  const dir = await temporaryFolder();
  const env = HARMFUL.flatMap((each) => ['--env', each]);
  await spacectl(['render', 'cloud-init', '--dir', dir, ...env, ...flags]);
  const { write_files: entries } = parse(await readFile(path.join(dir, 'cloud-init.yaml'), 'utf8'));
  const files: Record<string, string> = {};
  for (const { path: file, content } of entries) files[path.basename(file)] = content;
  const installer = 'sh ./installer.sh check && systemctl installer docker.service\n';
  return runOn(
    distribution,
    { ...files, 'installer.sh': files['install.sh'] ?? '', 'install.sh': installer },
    'first-boot.sh',
  );
}

function distributionNamed(name: string): Distribution {
  const found = DISTRIBUTIONS.find((each) => each.name === name);
  if (!found) throw new Error(name);
  return found;
}

const test = testWith(...DISTRIBUTION_NEEDS);

/** The words after `install`, without options. */
const packagesIn = (calls: readonly string[]) =>
  calls.flatMap((call) => (/ install /.test(call) ? [call.replace(/.* install (?:--\S+ )*/, '')] : []));

test('on each distribution, a first boot installs what is missing, starts Docker and runs the installer', async () => {
  const asked: Record<string, readonly string[]> = {};
  for (const distribution of DISTRIBUTIONS) {
    const { name } = distribution;
    const run = await bootOn(distribution);
    expect({ name, ...run }).toMatchObject({ exitCode: 0, stderr: expect.not.stringMatching(/not found|readonly/) });
    expect(run.programs).toEqual(expect.arrayContaining(['cmp', 'curl', 'docker', 'dockerd', 'gpg', 'jq']));
    expect({ name, last: run.calls.slice(-3) }).toEqual({
      name,
      last: ['enable', 'start', 'installer'].map((each) => `systemctl ${each} docker.service`),
    });
    asked[name] = packagesIn(run.calls);
  }
  expect(asked).toMatchInlineSnapshot(`
    {
      "AlmaLinux 10": [
        "gnupg2 jq diffutils iproute docker-ce docker-ce-cli containerd.io",
      ],
      "Amazon Linux 2023": [
        "jq diffutils iproute docker",
      ],
      "CentOS Stream 9": [
        "gnupg2 jq diffutils iproute docker-ce docker-ce-cli containerd.io",
      ],
      "Debian 13": [
        "curl gnupg jq iproute2 docker.io",
        "docker-cli",
      ],
      "Fedora": [
        "gnupg2 jq diffutils iproute docker-ce docker-ce-cli containerd.io",
      ],
      "Oracle Linux 9": [
        "gnupg2 jq diffutils iproute docker-ce docker-ce-cli containerd.io",
      ],
      "RHEL 10": [
        "gnupg2 jq diffutils iproute docker-ce docker-ce-cli containerd.io",
      ],
      "RHEL 8": [
        "gnupg2 jq diffutils iproute docker-ce docker-ce-cli containerd.io",
      ],
      "RHEL 9": [
        "gnupg2 jq diffutils iproute docker-ce docker-ce-cli containerd.io",
      ],
      "Rocky Linux 9": [
        "gnupg2 jq diffutils iproute docker-ce docker-ce-cli containerd.io",
      ],
      "Ubuntu 22.04": [
        "jq docker.io",
      ],
      "Ubuntu 24.04": [
        "jq docker.io",
      ],
      "Ubuntu 25.10": [
        "jq docker.io",
      ],
    }
  `);
});

test.each([
  ['Docker from its own packages', ['docker', 'dockerd', 'docker.service'], ['gnupg jq']],
  ['Docker without its program', ['dockerd', 'docker.service'], ['gnupg jq', 'docker-cli']],
  ['all that is needed', ['docker', 'dockerd', 'docker.service', 'gpg', 'jq'], []],
])('an image with %s gets only what it lacks', async (_name, installed, expected) => {
  const debian = distributionNamed('Debian 13');
  const run = await bootOn({ ...debian, installed: ['cmp', 'curl', 'ss', ...installed] });
  expect(run).toMatchObject({ exitCode: 0 });
  expect(packagesIn(run.calls)).toEqual(expected);
});

test.each([
  ['a snap', { installed: ['snap.docker.dockerd.service'] }, 'Docker is installed as a snap'],
  [
    'a package without the program',
    { packages: { ...distributionNamed('RHEL 9').packages, 'docker-ce-cli': [] } },
    'docker is missing',
  ],
  [
    'a name of another package',
    { packages: {} },
    'failed 5 times: dnf -q -y install gnupg2 jq diffutils iproute docker-ce',
  ],
  ['no package source', { dockerSource: 'https://example.com/' }, 'failed 5 times: curl'],
  ['another distribution', { release: 'ID="sles"\nID_LIKE="suse"' }, 'docker is missing'],
])(
  'a first boot that cannot get a Docker that works fails before the installer, and says why: %s',
  async (_name, change, message) => {
    const run = await bootOn({ ...distributionNamed('RHEL 9'), ...change });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`first-boot: ${message}`) });
    expect(run.calls.join('\n')).not.toContain('installer');
  },
);

test('Amazon Linux 2 is refused for its missing package manager', async () => {
  expect(await bootOn(AMAZON_LINUX_2)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('dnf is missing'),
  });
});

test('for secrets in AWS, a host needs its command line', async () => {
  const flags = ['--secrets-from', 'aws-ssm:/pool'];
  const debian = distributionNamed('Debian 13');
  const packages = { ...debian.packages, awscli: ['aws'] };
  expect(packagesIn((await bootOn({ ...debian, packages }, ...flags)).calls)[0]).toContain(' awscli ');
  const red = await bootOn(distributionNamed('RHEL 9'), ...flags);
  expect(red).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('install: missing programs, to be installed first: aws'),
  });
});
