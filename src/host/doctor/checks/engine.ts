import { stat } from 'node:fs/promises';
import { runProgram } from '../../../programs/index.ts';
import { SERVICE } from '../../install/install-record.ts';
import { serviceState } from '../../install/service.ts';
import { isMissingProgram, outputOf } from '../../programs.ts';
import { bad, type Check, type Finding, good, skipped, warning } from '../check.ts';
import { docker, socketOf } from '../engine.ts';

const INSTALL = 'Install Docker: https://docs.docker.com/engine/install/, or apt-get install docker.io';

/** Checks the socket as the launcher's user: root's access proves nothing. */
const socket: Check = {
  id: 'engine-socket',
  title: 'Engine socket',
  stage: 'always',
  async run(host) {
    const file = socketOf(host);
    const stats = await stat(file).catch(() => undefined);
    if (!stats) return bad(`${file} does not exist`, `Start the engine: systemctl enable --now docker. ${INSTALL}`);
    if (!stats.isSocket()) return bad(`${file} is not a socket`, "Check the launcher's DOCKER_HOST");
    const user = await outputOf('id', ['-u', 'spacelift'], host.signal);
    const mode = (stats.mode & 0o777).toString(8);
    if (user === undefined) return good(`${file} exists (${mode}); the user spacelift does not exist yet`);
    if (process.getuid?.() !== 0)
      return skipped(`${file} exists (${mode}); only root can test the access of the user spacelift`);
    const tried = await runProgram('runuser', ['-u', 'spacelift', '--', 'test', '-w', file], { signal: host.signal });
    if (tried.exitCode === 0) return good(`the user spacelift can write to ${file}`);
    return bad(
      `the user spacelift cannot write to ${file} (${mode})`,
      'usermod --append --groups docker spacelift, then restart the service',
    );
  },
};

/** 20.10: the first version that supports control groups version 2. */
const MIN_VERSION = [20, 10] as const;

const engine: Check = {
  id: 'engine',
  title: 'Container engine',
  stage: 'always',
  async run(host) {
    try {
      const info = await docker(
        host,
        'info',
        '--format',
        '{{.ServerVersion}}|{{.CgroupVersion}}|{{.CgroupDriver}}|{{.Driver}}|{{.OSType}}/{{.Architecture}}',
      );
      const [version = '', groups = '', driver, storage, platform] = info.stdout.toString().trim().split('|');
      if (info.exitCode !== 0 || version === '')
        return bad(
          `docker info: ${info.stderr || 'no response'}`,
          'Check that the engine is running: systemctl status docker',
        );
      const evidence = `${version}, control groups version ${groups} (${driver}), storage ${storage}, ${platform}`;
      const [major = 0, minor = 0] = version.split('.').map(Number);
      if (major < MIN_VERSION[0] || (major === MIN_VERSION[0] && minor < MIN_VERSION[1]))
        return bad(evidence, 'Update Docker to 20.10 or newer');
      if (groups === '1')
        return warning(evidence, 'systemd and Docker are dropping version 1 of control groups: boot with version 2');
      return good(evidence);
    } catch (error) {
      if (!isMissingProgram(error)) throw error;
      return bad('docker is not installed', INSTALL);
    }
  },
};

const service: Check = {
  id: 'service',
  title: 'Service',
  stage: 'installed',
  async run({ signal }): Promise<Finding> {
    const state = await serviceState(signal);
    if (!state) return skipped('systemd does not respond');
    const { active, detail, isEnabled, restarts } = state;
    const evidence = `${active} (${detail}), ${isEnabled ? 'enabled' : 'not enabled'}, restarted ${restarts} times`;
    if (!state.isLoaded) return bad(`${SERVICE} is not installed`, 'spacectl host install');
    if (active !== 'active') return bad(evidence, 'journalctl -u spacelift-launcher --since -1h');
    if (!isEnabled) return warning(evidence, 'It will not start at the next boot: systemctl enable spacelift-launcher');
    if (restarts > 3) return warning(evidence, 'It keeps restarting: journalctl -u spacelift-launcher');
    return good(evidence);
  },
};

export const engineChecks: readonly Check[] = [socket, engine, service];
