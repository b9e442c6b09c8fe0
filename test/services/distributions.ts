/**
 * What is known of distributions that no test boots: which programs their cloud images have, which packages have the
 * others, and how their package managers behave. Every fact has its source.
 *
 * `/etc/os-release` of all of them: which-distro/os-release@b92bccaf2aed0c857ca4990ad3b4baa34306236a, by ID and version.
 */
export interface Distribution {
  readonly name: string;
  /** `/etc/os-release`, as far as scripts read it. */
  readonly release: string;
  /** The file that /bin/sh is. */
  readonly shell: 'dash' | 'bash';
  readonly manager: 'apt-get' | 'dnf' | 'yum';
  /** Programs and units (with their suffix) of the cloud image. */
  readonly installed: readonly string[];
  /** Programs and units of each package. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
  /** Packages that the package manager refuses, because of one that is installed. */
  readonly refused?: readonly string[];
  /** Where the file of Docker's package source is; without it, there are no packages of that name. */
  readonly dockerSource?: string;
}

const COMMON = { curl: ['curl'], jq: ['jq'], logrotate: ['logrotate'] } as const;

/** https://packages.debian.org/trixie/gnupg, https://packages.ubuntu.com/noble/gnupg: it depends on gpg. */
const DEBIAN = { ...COMMON, gnupg: ['gpg'], iproute2: ['ss'] } as const;

/**
 * Docker's own packages, of which docker-ce creates the group (docker/docs@5ed1d653, content/manuals/engine/install/rhel.md
 * and centos.md; @c6fe2a81, fedora.md). gnupg2, diffutils, iproute, jq and logrotate:
 * https://docs.redhat.com/en/documentation/Red_Hat_Enterprise_Linux/9/html/package_manifest/repositories
 */
const RED_HAT = {
  ...COMMON,
  gnupg2: ['gpg'],
  diffutils: ['cmp'],
  iproute: ['ss'],
  'docker-ce': ['dockerd', 'docker.service'],
  'docker-ce-cli': ['docker'],
  'containerd.io': ['containerd'],
} as const;

function redHat(name: string, release: string, source: 'centos' | 'fedora' | 'rhel'): Distribution {
  const dockerSource = `https://download.docker.com/linux/${source}/docker-ce.repo`;
  // Nothing but the base system: what an image has besides is one thing less to install.
  const installed = ['curl'];
  return { name, release, shell: 'bash', manager: 'dnf', installed, packages: RED_HAT, dockerSource };
}

/**
 * Ubuntu builds docker.io and docker-doc from its own source package, docker.io-app, and no docker-cli: the program is in
 * docker.io (https://packages.ubuntu.com/source/jammy/docker.io-app, also noble, questing-updates, resolute).
 */
function ubuntu(version: string): Distribution {
  return {
    name: `Ubuntu ${version}`,
    release: `ID=ubuntu\nID_LIKE=debian\nVERSION_ID="${version}"`,
    shell: 'dash',
    manager: 'apt-get',
    installed: ['curl', 'gpg', 'cmp', 'ss'],
    packages: { ...DEBIAN, 'docker.io': ['docker', 'dockerd', 'docker.service'] },
  };
}

export const DISTRIBUTIONS: readonly Distribution[] = [
  {
    name: 'Debian 13',
    release: 'ID=debian\nVERSION_ID="13"',
    shell: 'dash',
    manager: 'apt-get',
    installed: ['cmp'],
    packages: {
      ...DEBIAN,
      // https://packages.debian.org/trixie/docker.io recommends docker-cli.
      'docker.io': ['dockerd', 'docker.service'],
      // https://packages.debian.org/trixie/amd64/docker-cli/filelist
      'docker-cli': ['docker'],
    },
  },
  ubuntu('22.04'),
  ubuntu('24.04'),
  ubuntu('25.10'),
  {
    name: 'Amazon Linux 2023',
    release: 'ID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"',
    shell: 'bash',
    manager: 'dnf',
    // curl-minimal and gnupg2-minimal (https://docs.aws.amazon.com/linux/al2023/ug/curl-minimal.html, gnupg-minimal.html),
    // which has gpg (amazonlinux/amazon-linux-2023 issue 243).
    installed: ['curl', 'gpg'],
    packages: {
      ...COMMON,
      diffutils: ['cmp'],
      iproute: ['ss'],
      // One RPM of its source (https://docs.aws.amazon.com/linux/al2023/release-notes/vercmp-AL2023.12-AL2023.12.html).
      docker: ['docker', 'dockerd', 'docker.service'],
    },
    // They conflict with the minimal ones (gitlab-org/ci-cd/docker-machine work item 127; keithly/lambda-python-custom
    // issue 78).
    refused: ['curl', 'gnupg2'],
  },
  redHat('RHEL 8', 'ID="rhel"\nID_LIKE="fedora"\nVERSION_ID="8.10"', 'rhel'),
  redHat('RHEL 9', 'ID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.6"', 'rhel'),
  redHat('RHEL 10', 'ID="rhel"\nID_LIKE="centos fedora"\nVERSION_ID="10.0"', 'rhel'),
  redHat('CentOS Stream 9', 'ID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="9"', 'centos'),
  redHat('Rocky Linux 9', 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.5"', 'centos'),
  redHat('AlmaLinux 10', 'ID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="10.0"', 'centos'),
  redHat('Oracle Linux 9', 'ID="ol"\nID_LIKE="fedora"\nVERSION_ID="9.5"', 'centos'),
  redHat('Fedora', 'ID=fedora\nVERSION_ID=40', 'fedora'),
];

/** It has yum, and Docker only in "extras" that yum does not list (which-distro/os-release@b92bccaf, amzn/2). */
export const AMAZON_LINUX_2: Distribution = {
  name: 'Amazon Linux 2',
  release: 'ID="amzn"\nID_LIKE="centos rhel fedora"\nVERSION_ID="2"',
  shell: 'bash',
  manager: 'yum',
  installed: ['curl', 'gpg', 'cmp'],
  packages: {},
};
