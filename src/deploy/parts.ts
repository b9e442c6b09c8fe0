import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { listed, quoteIfNeeded } from '../core/text.ts';
import { POOL_FILE, poolIdIn } from '../pool-folder/index.ts';
import { ansible, isConfiguration, TARGETS, type TargetName } from '../render/index.ts';
import { watchArrival } from '../spacelift/index.ts';
import { answersFor, conversation, type Part } from '../step/conversation.ts';
import type { Answers, Values } from '../step/input.ts';
import type { StepPlan } from '../step/run.ts';
import type { Step } from '../step/step.ts';
import { DEPLOYABLE, deployInputs } from './inputs.ts';
import { SECRET_STORES } from './secrets/stores.ts';
import { createState, type DeploymentState, SECRETS_FIRST } from './state.ts';

/** The step that waits for the workers. */
export const WAIT = 'workers';

type Given = Values<typeof deployInputs>;

/** The deployment of one directory. */
export interface Deployment {
  readonly parts: readonly Part[];
  /** Returns those of the plans that store secrets which the other plans need; none if that was done. */
  secretsFirst(plans: readonly StepPlan[]): readonly StepPlan[];
  /** Notes that the secrets of these plans are stored. */
  noteStored(plans: readonly StepPlan[]): void;
  /** Removes saved plans. */
  clear(): Promise<void>;
}

/**
 * Creates the parts of a deployment: one for each target that the directory holds, between a look at the pool before it
 * and the wait for its workers. @param isCi whether a job of CI runs it
 */
export function createDeployment(isCi: boolean): Deployment {
  const state = createState();
  const names = Object.keys(TARGETS) as readonly TargetName[];
  const parts = conversation()
    .ask(deployInputs)
    .step(lookAtPool(state))
    .parts(names.flatMap((name) => partOf(name, state, isCi)))
    .step(waitForWorkers(state)).all;
  return {
    parts,
    secretsFirst: (plans) => plans.filter(({ plan }) => plan.facts?.[SECRETS_FIRST] !== undefined),
    noteStored(plans) {
      for (const { plan } of plans) state.stored.add(String(plan.facts?.[SECRETS_FIRST]));
    },
    clear: async () => state.folder?.remove(),
  };
}

function isHere(name: TargetName, { dir, only }: Given): boolean {
  return (only.length === 0 || only.some((each) => each === name)) && existsSync(path.join(dir, TARGETS[name].writes));
}

/** Files for hosts over SSH are rendered during the deployment, so `systemd/` need not exist in the directory. */
function isDeployed(name: TargetName, given: Given): boolean {
  const isSsh = name === 'systemd' && given.ssh.length > 0 && given.only.length === 0;
  return isHere(name, given) || isSsh;
}

/** A step of the deployment. It reads the answers of all targets. */
function deployStep(
  id: string,
  title: string,
  plan: (given: Given, answers: Answers, planner: Parameters<Step['plan']>[1]) => ReturnType<Step['plan']>,
): Step {
  return { id, title, inputs: {}, plan: (answers, planner) => plan(answers as never, answers, planner) };
}

function lookAtPool(state: DeploymentState): Step {
  return deployStep('poolBefore', 'the worker pool', async (given, answers, { signal }) => {
    const { dir, profile } = given;
    refuseNothing(given);
    // Planned again after secrets were stored, it counts again.
    const { folder, stored } = state;
    Object.assign(state, createState(), { folder, stored });
    const id = answers['pool-id'];
    state.pool = typeof id === 'string' ? id : await poolIdIn(dir);
    if (state.pool !== undefined) state.arrival = await watchArrival({ pool: state.pool, profile }, signal);
    return { changes: [] };
  });
}

/** @throws UserError `SPACECTL_BAD_INPUT` if the directory holds nothing to deploy */
function refuseNothing(given: Given): void {
  const { dir, only } = given;
  if (DEPLOYABLE.some((name) => isDeployed(name, given))) return;
  const wanted = only.length > 0 ? `${listed(only)}: not rendered in ${dir}` : `${dir} holds nothing to deploy`;
  throw new UserError('SPACECTL_BAD_INPUT', wanted, {
    suggestions: [
      existsSync(path.join(dir, POOL_FILE))
        ? { command: `spacectl apply ${quoteIfNeeded(dir)}` }
        : { command: `spacectl init ${quoteIfNeeded(dir)}` },
    ],
  });
}

function waitForWorkers(state: DeploymentState): Step {
  return deployStep(WAIT, 'the workers', async ({ wait, expect, profile }, _, planner) => {
    const { planWait } = await import('./wait.ts');
    return planWait(state, { minutes: wait, expect, profile }, planner);
  });
}

function partOf(name: TargetName, state: DeploymentState, isCi: boolean): readonly Part<Given>[] {
  const title = `the deployment of ${TARGETS[name].writes}`;
  const when = (given: Given) => isDeployed(name, given);
  if (isConfiguration(name)) {
    const step = deployStep(
      `deploy-${name}`,
      title,
      async ({ dir, 'terraform-program': program = 'terraform' }, _, planner) => {
        const { planTerraform } = await import('./terraform.ts');
        return planTerraform(
          { dir, folder: path.join(dir, TARGETS[name].writes), program, isCi, store: SECRET_STORES[name] },
          { planner, state },
        );
      },
    );
    return [{ step, when }];
  }
  if (name === 'ansible') {
    const step = deployStep(
      'deploy-ansible',
      title,
      async ({ dir, profile, 'vault-password': password }, answers, planner) => {
        const { planAnsible } = await import('./ansible.ts');
        const given = { ...answersFor(ansible, answers), 'vault-password': password, profile };
        return planAnsible(dir, given, { planner, state });
      },
    );
    return [{ step, when }];
  }
  if (name !== 'systemd') return [];
  const step = deployStep('deploy-systemd', title, async ({ dir, ssh, 'ssh-config': config }, answers, planner) => {
    if (ssh.length === 0) {
      const { planThisMachine } = await import('./this-machine.ts');
      return planThisMachine(dir, answers, { planner, state });
    }
    const { planSshHosts } = await import('./ssh-hosts.ts');
    return planSshHosts(
      ssh.map((host) => ({ name: host, config })),
      answers,
      { planner, state },
    );
  });
  return [{ step, when }];
}
