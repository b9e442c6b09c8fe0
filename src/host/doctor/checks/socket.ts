import { quoteIfNeeded } from '../../../core/text.ts';
import { SERVICE } from '../../install/install-record.ts';
import { bad, type Check, type Cure, defineCheck, type Finding, orGood, skipped } from '../check.ts';
import { AFTER_ENGINE, RESTART } from '../cures.ts';
import type { Facts } from '../facts/facts.ts';
import type { Unit } from '../facts/units.ts';
import type { Entry } from '../reader.ts';

/** Checks the socket as the launcher has it: root's access proves nothing. */
const socket = defineCheck({
  id: 'engine-socket',
  title: 'Engine socket',
  stage: 'always',
  needs: ['engine', 'accounts', 'processes', 'units', 'programs'],
  judge(facts) {
    const { engine } = facts;
    const { socket: file, socketEntry: entry } = engine;
    if (file === undefined) return skipped("the launcher's DOCKER_HOST is not a socket");
    const explains = { explains: AFTER_ENGINE };
    if (!entry) return missingSocket(file, facts);
    if (entry.kind !== 'socket')
      return bad(
        `${file} is not a socket`,
        { fix: "Check the launcher's DOCKER_HOST, in /etc/spacelift/launcher.env" },
        explains,
      );
    const mode = (entry.mode & 0o777).toString(8);
    const name = quoteIfNeeded(file);
    const findings: Finding[] = [];
    if ((entry.mode & 0o002) !== 0)
      findings.push(
        bad(`every user can write to ${file} (${mode}), and so become root`, {
          fix: 'Remove the access of other users. If it comes back, check SocketMode= of docker.socket',
          commands: [`chmod o-rwx ${name}`],
        }),
      );
    const cure = accessCure(facts);
    if (cure)
      findings.push(bad(`the user spacelift cannot write to ${file} (${mode}, ${groupName(facts)})`, cure, explains));
    if (!facts.accounts.spacelift)
      return orGood(findings, `${file} exists (${mode}); the user spacelift does not exist yet`);
    return orGood(findings, `the user spacelift can write to ${file}`);
  },
});

type Given = Pick<Facts, 'engine' | 'accounts' | 'processes' | 'units' | 'programs'>;

function missingSocket(file: string, { engine, units, programs }: Given): Finding {
  const start = `systemctl start ${SERVICE}`;
  const unit = units.get(SERVICE);
  const then = unit?.load === 'loaded' ? [start] : [];
  if (engine.kind === 'podman')
    return bad(
      `${file} does not exist`,
      {
        fix: "Start Podman's socket",
        commands: ['systemctl enable --now spacelift-podman.socket', ...then],
      },
      { explains: AFTER_ENGINE },
    );
  if (engine.kind === 'rootless')
    return bad(
      `${file} does not exist`,
      {
        fix: 'Start the Docker daemon of the user spacelift',
        commands: ['systemctl --user --machine spacelift@ start docker', ...then],
      },
      { explains: AFTER_ENGINE },
    );
  if (units.get('docker.service')?.load !== 'loaded' && units.get('snap.docker.dockerd.service')?.load !== 'loaded') {
    const { manager } = programs;
    const commands = manager === 'apt-get' ? { commands: ['apt-get install -y docker.io', ...then] } : {};
    return bad(
      programs.installed.has('docker')
        ? 'Docker is not installed: its client is, but no service that runs the daemon'
        : 'Docker is not installed',
      { fix: 'Install it: https://docs.docker.com/engine/install/', ...commands },
      { explains: AFTER_ENGINE },
    );
  }
  return bad(
    `${file} does not exist`,
    {
      fix: 'Start Docker, now and at boot',
      // A stopped service may leave its socket's unit active with its file gone: restart, not start.
      commands: [
        'systemctl enable docker.socket docker.service',
        'systemctl restart docker.socket docker.service',
        ...then,
      ],
    },
    { explains: AFTER_ENGINE },
  );
}

function groupName({ engine, accounts }: Pick<Given, 'engine' | 'accounts'>): string {
  const id = engine.socketEntry?.group;
  return `group ${accounts.groups.find((each) => each.id === id)?.name ?? id}`;
}

/**
 * Returns how to give the launcher access to the socket. The groups of the running launcher count, which include those that
 * the unit adds; before it runs, those it would get.
 * @returns `undefined` if it has access, or if the socket or the user does not exist yet
 */
function accessCure({ engine, accounts, processes, units }: Given): Cure | undefined {
  const { socketEntry: entry, socket: file = '', isWritable, kind } = engine;
  const [user, unit, running] = [accounts.spacelift, units.get(SERVICE), processes.launcher];
  if (!entry || !user) return undefined;
  const isMember = (id: number) => {
    const group = accounts.groups.find((each) => each.id === id);
    return user.group === id || (group?.members.includes(user.name) ?? false) || isAdded(group?.name, unit);
  };
  const willHave = mayWrite(entry, user.id, isMember);
  const has = running ? mayWrite(entry, running.user ?? user.id, (id) => running.groups.includes(id)) : willHave;
  // An access list gives access that the mode does not show, to the running launcher too.
  if (has || (isWritable && !willHave)) return undefined;
  if (willHave) return { fix: 'The launcher started before it was given access: restart it', commands: [RESTART] };
  const [name, group] = [quoteIfNeeded(file), kind === 'docker' ? 'docker' : 'spacelift'];
  const id = accounts.groups.find((each) => each.name === group)?.id;
  return {
    fix: `Let the group ${group} write to the socket, and add the user spacelift to it`,
    commands: [
      ...((entry.mode & 0o020) === 0 ? [`chmod g+rw ${name}`] : []),
      ...(entry.group === id ? [] : [`chgrp ${group} ${name}`]),
      ...(id !== undefined && isMember(id) ? [] : [`usermod --append --groups ${group} spacelift`]),
      RESTART,
    ],
  };
}

/** Reports whether the unit gives the service a group beside those of its user. */
function isAdded(group: string | undefined, unit: Unit | undefined): boolean {
  return group !== undefined && (unit?.groups.includes(group) ?? false);
}

/** Reports whether a user may connect to a socket, which takes the right to write (unix(7), "Pathname sockets"). */
function mayWrite({ mode, owner, group }: Entry, user: number, isIn: (group: number) => boolean): boolean {
  if (user === 0) return true;
  if (owner === user) return (mode & 0o200) !== 0;
  return (mode & (isIn(group) ? 0o020 : 0o002)) !== 0;
}

export const socketChecks: readonly Check[] = [socket];
