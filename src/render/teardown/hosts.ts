import { inPosixShell } from '../../core/command-lines.ts';
import { portablePath } from '../../core/portable-path.ts';
import { quoteForShell, quoteIfNeededForPosix } from '../../core/text.ts';
import { INVENTORY_GROUP, ROLE_FOLDER } from '../ansible/names.ts';
import { terraformIn } from '../cloud/next-steps.ts';
import type { Teardown } from './teardown.ts';

/** Stops a rendered service for good and removes its secrets, where `spacectl` is not installed. A unit may be missing. */
const STOP_AND_FORGET = [
  'systemctl disable --now spacelift-recycle.timer',
  'systemctl disable --now spacelift-launcher.service',
  'rm -rf /etc/spacelift',
].join('; ');

const uninstall = { text: 'On each host, as root: remove the service, the launcher and the secrets' } as const;

/** Hosts that were installed with `install.sh` or `host install`. */
export const systemdTeardown: Teardown = () => [
  { ...uninstall, command: 'spacectl host uninstall --purge' },
  { text: 'Or, on a host without spacectl: stop the service and remove its secrets', command: STOP_AND_FORGET },
];

/** Machines that were started with the document. */
export const cloudInitTeardown: Teardown = ({ place, instances }) =>
  [
    {
      text: `Delete each machine that was started with ${place}, as where it was started; on EC2`,
      command: `aws ec2 terminate-instances --instance-ids ${instances.length > 0 ? instances.join(' ') : 'INSTANCE_ID'}`,
    },
    'Delete what else has the document: launch templates, and images or snapshots of these machines',
  ].map((step) => (typeof step === 'string' ? { text: step } : step));

/** Hosts of the inventory, all at once: they are drained. */
export const ansibleTeardown: Teardown = ({ place }) => {
  const command = quoteForShell(`${STOP_AND_FORGET}; rm -rf ${ROLE_FOLDER}`);
  const run = `ansible ${INVENTORY_GROUP} --inventory inventory.yml --become --module-name ansible.builtin.shell --args ${command}`;
  return [
    {
      text: inPosixShell('Stop the service on all hosts and remove its secrets (--ask-vault-pass if there is a vault)'),
      command: `cd ${quoteIfNeededForPosix(portablePath(place))} && ${run}`,
    },
  ];
};

/** A host where the launcher is a container. */
export const dockerTeardown: Teardown = () => [
  {
    text: 'On each host, in its copy of the directory docker, as root: stop the launcher and remove the secrets',
    command: 'docker compose down && rm -rf secrets.env /opt/spacelift',
  },
  {
    text: 'Or, where run.sh started it',
    command: 'docker rm --force spacelift-launcher && rm -rf secrets.env /opt/spacelift',
  },
];

/** Everything that a Terraform configuration has created. */
export const terraformTeardown: Teardown = ({ place }) => [
  {
    text: 'Destroy the hosts and what else the configuration created, with the variables it was applied with',
    command: `${terraformIn(place)} destroy`,
  },
];

/** A service of ECS, whether Terraform or the AWS CLI has made it. */
export const ecsTeardown: Teardown = (given) => [
  ...terraformTeardown(given),
  {
    text: 'Or, if you registered the task definition without Terraform, after you delete its service',
    command: 'aws ecs deregister-task-definition --task-definition FAMILY:REVISION',
  },
];
