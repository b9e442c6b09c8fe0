import path from 'node:path';
import { BUNDLE_FILE } from '../../ca-bundle/index.ts';
import { quoteForShell } from '../../core/text.ts';
import { hasMark, stepsToToken } from '../../pool-folder/index.ts';
import type { Values } from '../../step/input.ts';
import type { NextStep } from '../../step/next.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { checkEnvironment, commsWarnings, renderWithComms } from '../comms/variables.ts';
import { fillTemplate } from '../format/template.ts';
import { formatYaml } from '../format/yaml.ts';
import { joinMounts } from '../host/launcher-settings.ts';
import { secretsFile } from '../host/pool-secrets.ts';
import { HOST_BUNDLE, trustFor } from '../host/trust.ts';
import { holdsPassword } from '../host/url-password.ts';
import type { dockerInputs } from './inputs.ts';
import { LAUNCHER_MOUNTS } from './launcher-container.ts';

type Given = Values<typeof dockerInputs>;

const VOLUMES = LAUNCHER_MOUNTS.map(({ path: both }) => `${both}:${both}`);

/** Plans a Compose file, and a script with the equivalent `docker run`. */
export async function planDocker(given: Given, planner: Planner): Promise<Plan> {
  const folder = path.join(given.dir, 'docker');
  const trust = await trustFor({ dir: given.dir, isHostBuilt: false, paths: [] }, planner);
  const own = joinMounts(given.env, trust?.mounts ?? []);
  const secrets = await secretsFile(given.dir, planner);
  const isSecret = Object.values(own).some(holdsPassword);
  const write = async (name: string, render: typeof composeFile | typeof runScript, mode = 0o644) =>
    planner.file({
      path: path.join(folder, name),
      content: await renderWithComms(given, planner, (comms) => render(given['launcher-image'], { ...comms, ...own })),
      mode: isSecret ? mode & 0o700 : mode,
      isSecret,
      replace: hasMark,
    });
  const changes = [await write('compose.yaml', composeFile), await write('run.sh', runScript, 0o755)];
  if (secrets) {
    changes.push(await planner.file({ ...secrets, path: path.join(folder, secrets.name), replace: hasMark }));
  }
  return {
    changes,
    warnings: [
      ...commsWarnings(given),
      ...(await checkEnvironment(given, planner)).warnings,
      ...(secrets ? [] : [`No pool token yet: ${folder} has no secrets.env, and the launcher will not start`]),
    ],
    next: secrets ? startingSteps(given.dir, folder, trust !== undefined) : await stepsToToken(given.dir, planner),
    facts: { folder: path.resolve(folder), image: given['launcher-image'], hasSecrets: secrets !== undefined },
  };
}

/** Returns how to start the launcher, once it has its secrets. */
function startingSteps(dir: string, folder: string, hasBundle: boolean): readonly (string | NextStep)[] {
  return [
    { text: 'On the host, as root', command: 'mkdir -p /opt/spacelift' },
    ...(hasBundle ? [`Copy ${path.join(dir, BUNDLE_FILE)} to the host as ${HOST_BUNDLE} (mode 0644)`] : []),
    {
      text: `Copy ${folder} to the host, and run there (without Compose: sh run.sh)`,
      command: 'docker compose up --detach',
    },
  ];
}

/** Renders the Compose file. Compose interpolates `$` in every value, so each is doubled. */
function composeFile(image: string, settings: Readonly<Record<string, string>>): string {
  const plain = (text: string) => text.replaceAll('$', '$$$$');
  const document = {
    services: {
      launcher: {
        image: plain(image),
        pull_policy: 'always',
        restart: 'unless-stopped',
        stop_grace_period: '30s',
        env_file: ['secrets.env'],
        environment: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, plain(value)])),
        volumes: VOLUMES,
      },
    },
  };
  return formatYaml(document);
}

async function runScript(image: string, settings: Readonly<Record<string, string>>): Promise<string> {
  const environment = Object.entries(settings).map(([name, value]) => `--env ${quoteForShell(`${name}=${value}`)}`);
  const options = [...VOLUMES.map((volume) => `--volume ${volume}`), ...environment].map((each) => `  ${each} \\\n`);
  // Both are quoted for sh already.
  return fillTemplate('docker/run.sh', { options: options.join(''), image: quoteForShell(image) }, String);
}
