import path from 'node:path';
import { inPosixShell } from '../../core/command-lines.ts';
import { portablePath } from '../../core/portable-path.ts';
import { quoteIfNeededForPosix } from '../../core/text.ts';
import { KEY_FILE } from '../../pki/index.ts';
import { hasMark, MARK, poolIdIn, readPoolToken, stepsToToken, tokenFileIn } from '../../pool-folder/index.ts';
import { type Content, derive, known } from '../../step/content.ts';
import type { Values } from '../../step/input.ts';
import type { NextStep } from '../../step/next.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { enforce } from '../../step/rule.ts';
import { fillTemplate } from '../format/template.ts';
import { formatYaml } from '../format/yaml.ts';
import { renderHostFiles } from '../host/host-files.ts';
import { formatSecrets } from '../host/pool-secrets.ts';
import type { ansibleInputs } from './inputs.ts';
import { EXAMPLE_HOST, INVENTORY_GROUP, ROLE_FOLDER } from './names.ts';
import { ansibleRules } from './rules.ts';

type Given = Values<typeof ansibleInputs>;

const ROLE = 'roles/spacelift_worker';
const VAULT = `group_vars/${INVENTORY_GROUP}/vault.yml`;

/**
 * Plans the role. It copies the files of `render systemd` and runs their installer, so a host ends up in the same state
 * either way.
 */
export async function planAnsible(given: Given, planner: Planner): Promise<Plan> {
  enforce(ansibleRules, given);
  const { files, warnings } = await renderHostFiles(given, planner, {
    caStrategy: 'host',
    instanceMetadata: 'none',
    canPlan: true,
  });
  const folder = path.join(given.dir, 'ansible');
  const isFetched = given['secrets-from'] !== undefined;
  const write = (name: string, content: Content | string, options: { mode?: number; isSecret?: boolean } = {}) =>
    planner.file({
      path: path.join(folder, name),
      content: typeof content === 'string' ? known(content) : content,
      replace: (present) => hasMark(present) || name.startsWith(`${ROLE}/files/`),
      ...options,
    });
  const variables = {
    spacelift_worker_folder: ROLE_FOLDER,
    spacelift_worker_has_secrets: !isFetched,
    spacelift_worker_stop_timeout: given['stop-timeout'],
    spacelift_worker_files: files.map(({ name, mode, isSecret }) => ({
      name,
      mode: mode.toString(8).padStart(4, '0'),
      secret: isSecret,
    })),
  };
  const hasToken = (await readPoolToken(given.dir, planner)) !== undefined;
  // A vault that exists needs no token here.
  const hasVault = !hasToken && (await planner.read(path.join(folder, VAULT))) !== undefined;
  const isWaiting = !isFetched && !hasToken && !hasVault;
  const vault = isFetched ? undefined : await vaultFor(given, planner);
  // Hosts that the user added to the file are kept, unless --host names others.
  const named = given.host.length > 0 ? undefined : await planner.read(path.join(folder, 'inventory.yml'));
  const hosts =
    given.host.length > 0 || (named && !namesExample(await named.bytes()))
      ? []
      : [`Replace ${EXAMPLE_HOST} with your hosts in ${path.join(folder, 'inventory.yml')}`];
  const changes = [
    await write(
      'ansible.cfg',
      `# ${MARK}\n[defaults]\ninventory = inventory.yml\nroles_path = roles\n\n[connection]\npipelining = true\n`,
    ),
    await write('site.yml', formatYaml(playbookOf(given.serial))),
    await write('inventory.yml', named ?? formatYaml(inventoryOf(given.host))),
    await write(`${ROLE}/tasks/main.yml`, await fillTemplate('ansible/tasks.yml', {}, String)),
    await write(`${ROLE}/tasks/drain.yml`, await fillTemplate('ansible/drain.yml', {}, String)),
    await write(`${ROLE}/defaults/main.yml`, await formatDefaults(given, planner)),
    await write(`${ROLE}/vars/main.yml`, formatYaml(variables)),
    await write(`${ROLE}/templates/secrets.env.j2`, await fillTemplate('ansible/secrets.env.j2', {}, String)),
    ...(await Promise.all(
      files.map(({ name, content, isSecret }) =>
        write(`${ROLE}/files/${name}`, content, isSecret ? { mode: 0o600, isSecret } : {}),
      ),
    )),
    ...(vault
      ? [await planner.file({ path: path.join(folder, VAULT), content: vault, mode: 0o600, replace: isVault })]
      : []),
  ];
  return {
    changes,
    warnings,
    next: isWaiting
      ? [...(await stepsToToken(given.dir, planner)), ...hosts]
      : [
          ...(isFetched || vault || hasVault ? [] : encryptSteps(given.dir, folder)),
          ...hosts,
          {
            text: inPosixShell(
              vault
                ? 'Turn the hosts into workers (--vault-password-file FILE reads the password from its file instead)'
                : 'Turn the hosts into workers',
            ),
            command: `cd ${forPosix(folder)} && ansible-playbook site.yml${isFetched ? '' : ' --ask-vault-pass'}`,
          },
        ],
    facts: { folder: path.resolve(folder), hosts: given.host, serial: given.serial, hasVault: vault !== undefined },
  };
}

/**
 * Formats the variables that the user may change, in the inventory or with --extra-vars. A pool that is about to be created
 * has an ID as soon as it has a token.
 */
async function formatDefaults({ dir, 'pool-id': id }: Given, planner: Planner): Promise<Content> {
  const token = await readPoolToken(dir, planner);
  return derive(token && id === undefined ? [token] : [], async () =>
    formatYaml({
      spacelift_worker_pool_id: id ?? (await poolIdIn(dir)) ?? '',
      spacelift_worker_drain: true,
      spacelift_worker_drain_minutes: 70,
    }),
  );
}

function inventoryOf(hosts: readonly string[]): object {
  const named = hosts.length > 0 ? hosts : [EXAMPLE_HOST];
  return { [INVENTORY_GROUP]: { hosts: Object.fromEntries(named.map((name) => [name, {}])) } };
}

/** Reports whether an inventory still names the example host. */
function namesExample(bytes: Uint8Array): boolean {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  return lines.some((line) => line.trim().startsWith(EXAMPLE_HOST));
}

/** Returns a playbook that changes a few hosts at a time, and stops once one of them fails. */
function playbookOf(serial: string): object {
  const settings = { become: true, gather_facts: false, serial, max_fail_percentage: 0 };
  return [{ name: 'Spacelift workers', hosts: INVENTORY_GROUP, ...settings, roles: ['spacelift_worker'] }];
}

/** Returns how the secrets get into a vault. */
function encryptSteps(dir: string, folder: string): readonly NextStep[] {
  return encryptCommands(dir, folder).map((command) => ({
    text: inPosixShell('Encrypt the token and the private key'),
    command,
  }));
}

/** Encrypts the token and the key. Returns `undefined` without a password or a token. */
async function vaultFor({ dir, 'vault-password': password }: Given, planner: Planner): Promise<Content | undefined> {
  if (password === undefined) return undefined;
  const { encryptForVault } = await import('./vault.ts');
  const present = await (await planner.read(path.join(dir, 'ansible', VAULT)))?.bytes();
  return formatSecrets(dir, planner, ({ token, privateKey }) => {
    const variables = formatYaml({ spacelift_token: token, spacelift_pool_private_key: privateKey });
    return encryptForVault(Buffer.from(variables), password, present);
  });
}

/** Tells whether a file is a vault. One may be replaced, because all it holds comes from the pool's folder. */
function isVault(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).toString('latin1').startsWith('$ANSIBLE_VAULT;');
}

/** Returns commands that encrypt the secrets. They pass from file to file, never as arguments. */
function encryptCommands(dir: string, folder: string): readonly string[] {
  const vault = forPosix(path.join(folder, VAULT));
  const encrypt = (name: string, from: string) =>
    `${from} | ansible-vault encrypt_string --stdin-name ${name} >> ${vault}`;
  return [
    `mkdir -p ${forPosix(path.dirname(path.join(folder, VAULT)))}`,
    encrypt('spacelift_token', `tr -d '\\n' < ${forPosix(tokenFileIn(dir))}`),
    encrypt('spacelift_pool_private_key', `spacectl keypair encode ${forPosix(path.join(dir, KEY_FILE))}`),
  ];
}

/** Quotes a path for the commands around Ansible, which does not run on Windows. */
function forPosix(file: string): string {
  return quoteIfNeededForPosix(portablePath(file));
}
