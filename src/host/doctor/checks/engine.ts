import { stat } from 'node:fs/promises';
import { runProgram } from '../../../programs/index.ts';
import { isMissingProgram, outputOf } from '../../programs.ts';
import { showUnit } from '../../show-unit.ts';
import { bad, type Check, type Finding, good, skipped, warning } from '../check.ts';
import { docker, socketOf } from '../engine.ts';

const INSTALL = 'Install Docker: https://docs.docker.com/engine/install/, or apt-get install docker.io';

/** Tried as the user the launcher runs as: root's own access proves nothing. */
const socket: Check = {
  id: 'engine-socket',
  title: 'Engine socket',
  stage: 'always',
  async run(host) {
    const file = socketOf(host);
    const stats = await stat(file).catch(() => undefined);
    if (!stats) return bad(`${file} is not there`, `Start the engine: systemctl enable --now docker. ${INSTALL}`);
    if (!stats.isSocket()) return bad(`${file} is no socket`, 'Is DOCKER_HOST of the launcher right?');
    const user = await outputOf('id', ['-u', 'spacelift'], host.signal);
    const mode = (stats.mode & 0o777).toString(8);
    if (user === undefined) return good(`${file} is there (${mode}); the user spacelift is not yet`);
    if (process.getuid?.() !== 0)
      return skipped(`${file} is there (${mode}); only root can try it as the user spacelift`);
    const tried = await runProgram('runuser', ['-u', 'spacelift', '--', 'test', '-w', file], { signal: host.signal });
    if (tried.exitCode === 0) return good(`the user spacelift may write to ${file}`);
    return bad(
      `the user spacelift may not write to ${file} (${mode})`,
      'usermod --append --groups docker spacelift, then restart the service',
    );
  },
};

/** 20.10: the oldest that knows control groups version 2. */
const OLDEST = [20, 10] as const;

const engine: Check = {
  id: 'engine',
  title: 'Container engine',
  stage: 'always',
  async run(host) {
    try {
      const asked = await docker(
        host,
        'info',
        '--format',
        '{{.ServerVersion}}|{{.CgroupVersion}}|{{.CgroupDriver}}|{{.Driver}}|{{.OSType}}/{{.Architecture}}',
      );
      const [version = '', groups = '', driver, storage, platform] = asked.stdout.toString().trim().split('|');
      if (asked.exitCode !== 0 || version === '')
        return bad(`docker info: ${asked.stderr || 'no answer'}`, 'Is the engine running? systemctl status docker');
      const evidence = `${version}, control groups version ${groups} (${driver}), storage ${storage}, ${platform}`;
      const [major = 0, minor = 0] = version.split('.').map(Number);
      if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
        return bad(evidence, 'Bring Docker up to 20.10 or newer');
      if (groups === '1')
        return warning(
          evidence,
          'Version 1 of control groups is on its way out of systemd and Docker: boot with version 2',
        );
      return good(evidence);
    } catch (error) {
      if (!isMissingProgram(error)) throw error;
      return bad('the program docker is not there', INSTALL);
    }
  },
};

const PROPERTIES = ['LoadState', 'ActiveState', 'SubState', 'NRestarts', 'UnitFileState'] as const;

const service: Check = {
  id: 'service',
  title: 'Service',
  stage: 'installed',
  async run({ signal }): Promise<Finding> {
    const unit = await showUnit('spacelift-launcher.service', PROPERTIES, signal);
    if (!unit) return skipped('systemctl does not answer');
    const state = `${unit.ActiveState} (${unit.SubState}), ${unit.UnitFileState || 'not enabled'}, restarted ${unit.NRestarts} times`;
    if (unit.LoadState !== 'loaded') return bad('spacelift-launcher.service is not there', 'spacectl host install');
    if (unit.ActiveState !== 'active') return bad(state, 'journalctl -u spacelift-launcher --since -1h');
    if (unit.UnitFileState !== 'enabled')
      return warning(state, 'It will not start at the next boot: systemctl enable spacelift-launcher');
    if (Number(unit.NRestarts) > 3) return warning(state, 'It ends again and again: journalctl -u spacelift-launcher');
    return good(state);
  },
};

export const engineChecks: readonly Check[] = [socket, engine, service];
