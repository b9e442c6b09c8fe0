import { isJson } from '../../../core/json.ts';
import { SERVICE } from '../../install/install-record.ts';
import { bad, type Check, type Cure, defineCheck, good, skipped, warning } from '../check.ts';
import { AFTER_ENGINE, RESTART } from '../cures.ts';
import { DAEMON_FILE, type Engine } from '../facts/engine.ts';
import type { Unit } from '../facts/units.ts';

/** Checks that Docker can read its configuration: with a syntax error it does not start. */
const daemonFile = defineCheck({
  id: 'daemon-file',
  title: "Docker's configuration",
  stage: 'always',
  needs: ['engine'],
  judge({ engine }) {
    if (engine.daemonFile === undefined) return good(`${DAEMON_FILE} does not exist`);
    if (engine.daemonFile.trim() === '' || isJson(engine.daemonFile)) return good(`${DAEMON_FILE} is JSON`);
    const fix = `Correct it, then: systemctl restart docker ${SERVICE}`;
    return bad(
      `${DAEMON_FILE} is not valid JSON: Docker does not start with it`,
      { fix },
      { explains: ['engine-socket', ...AFTER_ENGINE] },
    );
  },
});

/** 20.10: the first version that supports control groups version 2. */
const MIN_VERSION = [20, 10] as const;

const engineCheck = defineCheck({
  id: 'engine',
  title: 'Container engine',
  stage: 'always',
  needs: ['engine', 'units', 'programs'],
  judge({ engine, units, programs }) {
    const isDaemon = units.get('docker.service')?.load === 'loaded' || engine.kind !== 'docker';
    if (engine.client === undefined && isDaemon)
      return skipped(
        `no client is installed to query it${programs.manager === 'apt-get' ? ': apt-get install docker-cli' : ''}`,
      );
    if (engine.client === undefined)
      return bad('docker is not installed', {
        fix: 'Install Docker: https://docs.docker.com/engine/install/',
        ...(programs.manager === 'apt-get' && { commands: ['apt-get install -y docker.io'] }),
      });
    if (engine.isDenied) return skipped('only root and members of the group docker can query it');
    if (!engine.info)
      return bad(`it does not answer: ${reasonOf(engine, units.get('docker.service'))}`, restartOf(engine), {
        explains: AFTER_ENGINE,
      });
    const { version, cgroupVersion, cgroupDriver, storage, platform } = engine.info;
    const evidence = `${engine.client} ${version}, control groups version ${cgroupVersion} (${cgroupDriver}), storage ${storage}, ${platform}`;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const isOld = major < MIN_VERSION[0] || (major === MIN_VERSION[0] && minor < MIN_VERSION[1]);
    if (engine.kind !== 'podman' && engine.client === 'docker' && isOld)
      return bad(evidence, { fix: 'Update Docker to 20.10 or newer' });
    if (cgroupVersion === '1')
      return warning(evidence, {
        fix: 'systemd and Docker are dropping version 1 of control groups: boot with version 2',
      });
    return good(evidence);
  },
});

/** Docker's client says less than systemd about a daemon that does not run. */
function reasonOf({ kind, problem }: Engine, unit: Unit | undefined): string {
  const isStopped = kind === 'docker' && unit?.load === 'loaded' && unit.active !== 'active';
  return isStopped ? `docker.service is ${unit.active}` : (problem ?? 'no response');
}

function restartOf({ kind }: Engine): Cure {
  if (kind === 'podman')
    return { fix: 'Start its socket again', commands: ['systemctl restart spacelift-podman.socket'] };
  if (kind === 'rootless')
    return { fix: 'Start it again', commands: ['systemctl --user --machine spacelift@ restart docker'] };
  return { fix: 'See why (journalctl -u docker), and start it again', commands: ['systemctl restart docker', RESTART] };
}

/** Checks that Docker, which pulls the runner images, has the launcher's proxy. */
const daemonProxy = defineCheck({
  id: 'daemon-proxy',
  title: "Docker's proxy",
  stage: 'installed',
  needs: ['engine', 'installation'],
  judge({ engine, installation: { settings } }) {
    if (engine.kind !== 'docker' || !engine.daemonEnvironment)
      return skipped('no environment of a Docker daemon to compare with');
    const { daemonEnvironment, daemonFile: file } = engine;
    // Docker 23 and later also take proxies from there (docs.docker.com, "Configure the daemon to use a proxy").
    if (file?.includes('"proxies"')) return good(`${DAEMON_FILE} sets it`);
    const read = (from: Readonly<Record<string, string>>, name: string) => from[name] || from[name.toLowerCase()] || '';
    const different = ['HTTP_PROXY', 'HTTPS_PROXY'].filter((name) => {
      const [launcher, daemon] = [read(settings, name), read(daemonEnvironment, name)];
      return launcher !== '' && launcher !== daemon;
    });
    if (different.length === 0) return good('the same as the launcher’s');
    return warning(
      `the launcher has ${different.join(' and ')}, and Docker ${different.every((name) => read(daemonEnvironment, name) === '') ? 'does not' : 'has another value'}: it pulls the runner images`,
      {
        fix: 'Restart Docker, which reads its proxy when it starts. This ends running runs',
        commands: ['systemctl daemon-reload', 'systemctl restart docker', RESTART],
      },
    );
  },
});

export const daemonFileChecks: readonly Check[] = [daemonFile];
export const engineChecks: readonly Check[] = [engineCheck];
export const daemonProxyChecks: readonly Check[] = [daemonProxy];
