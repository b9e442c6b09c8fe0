import { expect } from 'vitest';
import { problemsOn } from '../services/doctor-on-host.ts';
import { HOST_NEEDS } from '../services/host.ts';
import { buildLauncher, IMPORT_RUNNER, setUpHost } from '../services/installed-host.ts';
import { testWith } from '../services/programs.ts';
import { sliceOf } from '../services/slice.ts';

/** A way to break a running host: commands for its root, and the check that has to find it, alone. */
interface HostFault {
  readonly fault: string;
  readonly breaking: string;
  readonly check: string;
  readonly about?: string;
  /** What only this test did. */
  readonly tidying?: string;
}

const LAUNCHER = '/usr/local/bin/spacelift-launcher';
const SCRIPT = '/usr/local/sbin/spacelift-update-launcher';
const BUNDLE = '/etc/spacelift/custom-ca-bundle.crt';
const SETTINGS = '/etc/spacelift/launcher.env';
const UNIT = 'spacelift-launcher.service';
const DROP_INS = `/etc/systemd/system/${UNIT}.d`;

const dropIn = (line: string) =>
  `printf '[Service]\\n${line}\\n' >${DROP_INS}/local.conf; systemctl daemon-reload; systemctl restart ${UNIT}`;

const FAULTS: readonly HostFault[] = [
  { fault: 'every user can read the secrets', breaking: 'chmod 644 /etc/spacelift/secrets.env', check: 'file-modes' },
  {
    fault: 'the secrets belong to the launcher’s user',
    breaking: 'chown spacelift /etc/spacelift/secrets.env',
    check: 'file-modes',
  },
  {
    fault: 'every user can read the API key',
    breaking: 'touch /etc/spacelift/api.env; chmod 644 /etc/spacelift/api.env',
    check: 'file-modes',
    tidying: 'rm /etc/spacelift/api.env',
  },
  {
    fault: 'every user can change a script that root runs',
    breaking: `chmod 777 ${SCRIPT}`,
    check: 'others-can-write',
    about: SCRIPT,
  },
  {
    fault: 'the launcher’s user owns a script that root runs',
    breaking: `chown spacelift ${SCRIPT}`,
    check: 'others-can-write',
    about: SCRIPT,
  },
  {
    fault: 'every user can replace the launcher',
    breaking: 'chmod 777 /usr/local/bin',
    check: 'others-can-write',
    about: '/usr/local/bin',
  },
  { fault: 'a script was changed', breaking: `echo '# changed' >>${SCRIPT}`, check: 'installed-files', about: SCRIPT },
  { fault: 'a script was removed', breaking: `rm ${SCRIPT}`, check: 'installed-files', about: SCRIPT },
  { fault: 'a script cannot be executed', breaking: `chmod 644 ${SCRIPT}`, check: 'installed-files', about: SCRIPT },
  {
    fault: 'an installation was interrupted',
    breaking: 'touch /var/lib/spacectl/unfinished',
    check: 'installed-files',
    about: 'installation',
  },
  {
    fault: 'a killed update left its files behind',
    breaking:
      'mkdir /usr/local/bin/.spacelift-launcher.Ab12; touch -d yesterday /usr/local/bin/.spacelift-launcher.Ab12',
    check: 'leftovers',
  },
  {
    fault: '/opt/spacelift belongs to root',
    breaking: 'chown root /opt/spacelift',
    check: 'directories',
    about: '/opt/spacelift',
  },
  {
    fault: '/var/log/spacelift is gone',
    breaking: `rm -r /var/log/spacelift; systemctl restart ${UNIT}`,
    check: 'directories',
    about: '/var/log/spacelift',
  },
  { fault: '/tmp is only for root', breaking: 'chmod 755 /tmp', check: 'directories', about: '/tmp' },
  {
    fault: 'nothing can be executed in /opt/spacelift',
    breaking: `mount -t tmpfs -o noexec,uid=1983,gid=1983,mode=755 tmpfs /opt/spacelift`,
    check: 'directories',
    about: '/opt/spacelift',
    tidying: 'umount -l /opt/spacelift',
  },
  {
    fault: 'the user spacelift does not exist',
    breaking: `systemctl stop ${UNIT}; userdel spacelift; systemctl start ${UNIT}`,
    check: 'account',
  },
  { fault: 'the service is stopped', breaking: `systemctl stop ${UNIT}`, check: 'service' },
  { fault: 'the service does not start at boot', breaking: `systemctl disable ${UNIT}`, check: 'service' },
  {
    fault: 'the weekly restart is stopped',
    breaking: 'systemctl stop spacelift-recycle.timer',
    check: 'units',
    about: 'spacelift-recycle.timer',
  },
  {
    fault: 'a drop-in runs the launcher as root',
    breaking: dropIn('User=root'),
    check: 'units',
    about: `${DROP_INS}/local.conf`,
  },
  {
    fault: 'a drop-in makes /tmp private',
    breaking: dropIn('PrivateTmp=yes'),
    check: 'units',
    about: `${DROP_INS}/local.conf`,
  },
  {
    fault: 'a drop-in takes the group of Docker away',
    breaking: `${dropIn('SupplementaryGroups=')}; gpasswd --delete spacelift docker`,
    check: 'units',
    about: `${DROP_INS}/local.conf`,
    tidying: 'gpasswd --add spacelift docker',
  },
  {
    fault: 'systemd has not read a new drop-in',
    breaking: `printf '[Service]\\nEnvironment=A=B\\n' >${DROP_INS}/other.conf`,
    check: 'units',
    about: UNIT,
  },
  {
    fault: 'the settings were changed without a restart',
    breaking: `echo SPACELIFT_DEBUG=true >>${SETTINGS}`,
    check: 'process',
  },
  {
    fault: 'another launcher runs',
    breaking: `cp ${LAUNCHER} /usr/bin/; setsid /usr/bin/spacelift-launcher >/dev/null 2>&1 &`,
    check: 'process',
    tidying: 'rm /usr/bin/spacelift-launcher',
  },
  {
    fault: 'a tag has no value',
    breaking: `echo SPACELIFT_METADATA_zone=null >>${SETTINGS}; systemctl restart ${UNIT}`,
    check: 'metadata',
  },
  { fault: 'the secrets are gone', breaking: 'rm /etc/spacelift/secrets.env', check: 'secrets' },
  { fault: 'the launcher is gone', breaking: `rm ${LAUNCHER}`, check: 'launcher' },
  {
    fault: 'a login page is in the place of the launcher',
    breaking: `rm ${LAUNCHER}; echo '<html>' >${LAUNCHER}; chmod 755 ${LAUNCHER}`,
    check: 'launcher',
  },
  { fault: 'the launcher is not executable', breaking: `chmod 644 ${LAUNCHER}`, check: 'launcher' },
  {
    fault: 'the launcher was replaced with another program',
    breaking: `sleep 1; rm ${LAUNCHER}; cp /bin/true ${LAUNCHER}`,
    check: 'launcher-digest',
  },
  {
    fault: 'the last update failed',
    breaking: 'echo "$(date +%s) kept" >/var/lib/spacelift-launcher/launcher-update',
    check: 'updates',
  },
  { fault: 'runs cannot read the bundle', breaking: `chmod 600 ${BUNDLE}`, check: 'bundle-files' },
  { fault: 'the bundle is gone', breaking: `rm ${BUNDLE}`, check: 'bundle-files' },
  { fault: 'Docker made a directory of the bundle', breaking: `rm ${BUNDLE}; mkdir ${BUNDLE}`, check: 'bundle-files' },
  {
    fault: 'the bundle is another image’s',
    breaking: `cat /root/company.pem /root/ca.pem >${BUNDLE}`,
    check: 'bundle-current',
  },
  {
    fault: 'a variable of the image names a file over which the bundle is not mounted',
    breaking: `tar -C /tmp/image -c . | docker import --change 'ENV PATH=/usr/bin:/bin' --change 'ENV SSL_CERT_FILE=/opt/own.pem' - runner:test`,
    check: 'bundle-clients',
    // Go reads the directory of the usual bundle besides.
    about: 'OpenSSL',
    tidying: IMPORT_RUNNER,
  },
  { fault: 'every user can write to the socket', breaking: 'chmod 666 /run/docker.sock', check: 'engine-socket' },
  { fault: 'the socket belongs to another group', breaking: 'chgrp root /run/docker.sock', check: 'engine-socket' },
  { fault: 'Docker is stopped', breaking: 'systemctl stop docker.socket docker.service', check: 'engine' },
  {
    fault: 'Docker is masked',
    breaking: 'systemctl stop docker.socket docker.service; systemctl mask docker.service docker.socket',
    check: 'units',
  },
];

testWith(...HOST_NEEDS, 'gpg', 'gcc')(
  'each fault of a running host is seen, said once, and cured by what the doctor prints',
  { timeout: 900_000 },
  async () => {
    const { host, publish, fingerprint } = await setUpHost();
    await publish(await buildLauncher('one'));
    const booted = await host.boot();
    const settings = ['SPACELIFT_DEFAULT_RUNNER_IMAGE=runner:test', 'SPACELIFT_WORKER_NETWORK=host'];
    // The flags of the installation.
    const answers = {
      SPACECTL_ENV: settings.join('\n'),
      SPACECTL_METADATA: 'instance_id=i-1',
      SPACECTL_RECYCLE: 'true',
      SPACECTL_DIR: '/root/pool',
    };
    const given = Object.entries(answers).map(([name, value]) => `${name}=${value}`);
    const shell = (script: string) => booted.run('env', ...given, 'sh', '-ec', script);
    const set = await shell(
      `ln -s /opt/spacectl/dist/run.cjs /usr/local/bin/spacectl; ${IMPORT_RUNNER}; spacectl host install`,
    );
    expect(set.exitCode, set.all).toBe(0);
    const flags = ['--download-ca', '/root/ca.pem', '--fingerprint', fingerprint, '--dir', '/root/pool'];
    const problems = () => problemsOn(booted, ...flags);
    const rest = (findings: Awaited<ReturnType<typeof problems>>) =>
      findings.map(({ id, about, evidence }) => ({ id, about, evidence }));
    expect(await problems()).toEqual([]);
    const faults = sliceOf(FAULTS, 4);
    // What one cure leaves is seen beside the next fault.
    for (const { fault, breaking, check, about, tidying } of faults) {
      await shell(breaking);
      const seen = await problems();
      const expected = [expect.objectContaining({ id: check, ...(about && { about }) })];
      expect.soft({ fault, seen: rest(seen) }).toEqual({ fault, seen: expected });
      const commands = seen.flatMap((each) => each.commands ?? []);
      expect.soft({ fault, commands }).toMatchObject({ fault, commands: expect.arrayContaining([expect.any(String)]) });
      const cured = await shell(commands.join('\n'));
      expect.soft(cured.exitCode, [fault, ...commands, cured.all].join('\n')).toBe(0);
      if (tidying) await shell(tidying);
      // The control group of a stopped launcher may be in use for a moment, and systemd tries again (219/CGROUP).
      await shell(`timeout 30 sh -c 'until systemctl --quiet is-active ${UNIT}; do sleep 0.2; done'`);
    }
    expect(rest(await problems())).toEqual([]);
  },
);
