import { readCsr } from '../../../src/pki/read-csr.ts';
import type { Fault, FileCall } from '../fault-library/fault-library.ts';
import { spacectlWithFault } from '../fault-library/fault-library.ts';
import { spacectl } from '../program.ts';
import type { Spacelift } from '../spacelift.ts';
import type { Prepared } from './commands.ts';
import { isLock, isSecret, isWhole, publicKeysIn, type State, stateOf } from './state.ts';

/** How a command ends without a fault, to compare with. */
export interface Undisturbed {
  readonly calls: readonly FileCall[];
  readonly state: State;
}

/** Runs a command without a fault. */
export async function runUndisturbed(prepare: () => Promise<Prepared>): Promise<Undisturbed> {
  const { args, env = {}, below } = await prepare();
  const { run, calls } = await spacectlWithFault(args, { below, env });
  if (run.exitCode !== 0) throw new Error(`${args.join(' ')}: ${run.stdout}${run.stderr}`);
  return { calls, state: await stateOf(below) };
}

/** Exit codes with which a command may end when the disk fails: cannot create, cannot read or write, not allowed. */
const ALLOWED = [73, 74, 77];

/**
 * Runs a command with a fault, and once more without.
 * @returns which promises were broken; `undefined` if the fault was not met
 */
export async function brokenBy(
  fault: Fault,
  prepare: () => Promise<Prepared>,
  undisturbed: Undisturbed,
): Promise<readonly string[] | undefined> {
  const prepared = await prepare();
  const { args, env = {}, below, server, alreadyDone } = prepared;
  const before = await stateOf(below);
  const { run, calls } = await spacectlWithFault(args, { below, env, fault });
  const met = calls.find(({ isFaulty }) => isFaulty);
  if (!met) return undefined;
  const after = await stateOf(below);
  const broken = [
    ...exitProblems(run, fault, met, prepared),
    ...stateProblems(before, after, undisturbed.state, server),
    ...(run.exitCode === 0 ? completenessProblems(after, undisturbed.state, 'after exit code 0', true) : []),
  ];
  const again = await spacectl(args, { env });
  const last = await stateOf(below);
  const isAlreadyDone = alreadyDone !== undefined && String(again.stderr).includes(alreadyDone);
  if (again.exitCode !== 0 && !isAlreadyDone)
    broken.push(`the second run ends with ${again.exitCode}: ${again.stdout}${again.stderr}`);
  const lost = stateProblems(after, last, undisturbed.state, server);
  return [
    ...broken,
    ...[...lost, ...completenessProblems(last, undisturbed.state, 'after the second run')].map(
      (each) => `second run: ${each}`,
    ),
  ];
}

/** What a process that ended says about how it ended. */
interface Ended {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly stdout?: unknown;
  readonly stderr?: unknown;
}

function exitProblems(run: Ended, { kind }: Fault, met: FileCall, { below }: Prepared): readonly string[] {
  const { exitCode, signal, stdout, stderr } = run;
  if (kind.includes('kill')) return signal === 'SIGKILL' ? [] : [`not killed, but ended with ${exitCode}`];
  // A file system may be unable to make a name durable. A file may be closed, and what nothing depends on may fail.
  const isUnsupported = kind === 'EOPNOTSUPP' && met.name === 'fsync';
  const mustFail = (met.name === 'fsync' || met.name === 'write') && kind !== 'short' && !isUnsupported;
  if (exitCode === 0) return mustFail ? [`exit code 0 although ${met.name} of ${met.path} failed with ${kind}`] : [];
  if (exitCode === undefined || !ALLOWED.includes(exitCode)) return [`exit code ${exitCode}: ${stdout}${stderr}`];
  return `${stdout}${stderr}`.includes(below) ? [] : [`the error names no path: ${stdout}${stderr}`];
}

/** Which promises a directory breaks: a file torn, a secret readable by others, a key lost. */
export function stateProblems(
  before: State,
  after: State,
  expected: State,
  server: Spacelift | undefined,
): readonly string[] {
  const problems: string[] = [];
  for (const file of [...after.files, ...after.leftOver]) {
    if (isSecret(file) && (file.mode & 0o077) !== 0)
      problems.push(`others can read ${file.name} (${file.mode.toString(8)})`);
  }
  for (const file of after.files) {
    const others = [...before.files, ...expected.files].filter(({ name }) => name === file.name);
    if (!(isWhole(file) ?? others.some(({ bytes }) => bytes.equals(file.bytes)))) problems.push(`${file.name} is torn`);
  }
  const keys = publicKeysIn([...after.files, ...after.leftOver]);
  for (const key of publicKeysIn(before.files)) if (!keys.has(key)) problems.push('a private key is lost');
  const trusted = server && trustedKeyOf(server);
  if (trusted !== undefined && !keys.has(trusted)) problems.push('the key that the pool trusts is lost');
  return problems;
}

/** The public key of the last request that the server took. */
function trustedKeyOf({ bodies }: Spacelift): string | undefined {
  const requests = bodies.flatMap((body) => {
    const { variables = {} } = JSON.parse(body) as { variables?: Record<string, unknown> };
    return Object.values(variables).filter((value) => typeof value === 'string');
  });
  const decoded = requests.map((text) =>
    text.startsWith('-----') ? text : Buffer.from(text, 'base64').toString('latin1'),
  );
  const csr = decoded.findLast((text) => text.includes('CERTIFICATE REQUEST'));
  return csr === undefined ? undefined : readCsr(csr)?.publicKey.toString('hex');
}

/** How a directory differs from what the undisturbed command leaves. */
export function completenessProblems(found: State, expected: State, when: string, isFirst = false): readonly string[] {
  const names = ({ files }: State) => [...new Set(files.map(({ name, mode }) => `${name} ${mode.toString(8)}`))].sort();
  const [present, wanted] = [names(found), names(expected)];
  // The lock of a killed process counts for nothing, and stays until a run needs one.
  const problems = found.leftOver
    .filter(({ name }) => isFirst || !isLock(name))
    .map(({ name }) => `${when}, ${name} is left`);
  if (present.join() !== wanted.join()) {
    const missing = wanted.filter((name) => !present.includes(name));
    const more = present.filter((name) => !wanted.includes(name));
    problems.push(`${when}, these are missing: ${missing.join(', ')}; these should not be there: ${more.join(', ')}`);
  }
  for (const file of found.files) {
    const wholes = expected.files.filter(({ name }) => name === file.name);
    if (isWhole(file) === undefined && !wholes.some(({ bytes }) => bytes.equals(file.bytes)))
      problems.push(`${when}, ${file.name} has other bytes`);
  }
  return problems;
}
