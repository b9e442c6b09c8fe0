import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { execa } from 'execa';
import type { Reader } from '../../../src/x509/index.ts';
import { buildGo } from '../go.ts';
import { isInstalled, type Right } from '../programs.ts';
import { CACHE } from '../temporary.ts';

/** The headers of GnuTLS, which no program on the PATH shows. */
export const GNUTLS: Right = {
  advice: 'needs libgnutls28-dev: run test/services/install.sh',
  isHeld: () => existsSync('/usr/include/gnutls/gnutls.h'),
};

/** What a reader says of one authority. */
export interface Verdict {
  /** `trusted`, or why a server of the authority is not. */
  readonly authority: string;
  /** The same for a sound authority after it in the same file. */
  readonly other: string;
}

/** A reader's answers. */
export interface Answers {
  readonly reader: Reader;
  /** The program and its version: `go1.19.8`. */
  readonly program: string;
  /** The version of the reader, with which versions of rules are compared. */
  readonly version: string;
  /** One for each authority, in their order. */
  readonly verdicts: readonly Verdict[];
}

/** A program that asks a reader. */
export interface Program {
  readonly reader: Reader;
  /** Takes the folder of questions as its last argument. */
  command(): Promise<readonly string[]>;
  /** Finds the reader's version in what the program says of itself. */
  readonly version: RegExp | string;
  /** The root directory that the program runs in. */
  readonly tree?: string;
}

const HERE = import.meta.dirname;
const CHROOT = '/usr/sbin/chroot';

/** Debian's Python, not one that is first on the PATH. Strict, it behaves as 3.13. */
const PYTHON = '/usr/bin/python3';
const askPython = path.join(HERE, 'ask-python.py');

/** The readers that every run asks. */
export const PROGRAMS: readonly Program[] = [
  {
    reader: 'go',
    command: async () => [await buildGo(path.join(HERE, 'ask-go/main.go'), 'ask-go', await goRoot())],
    version: /go([\d.]+)/,
  },
  { reader: 'openssl', command: async () => [PYTHON, askPython], version: /OpenSSL ([\d.]+)/ },
  { reader: 'python', command: async () => [PYTHON, askPython, '--strict'], version: '3.13' },
  { reader: 'gnutls', command: async () => [await buildAskGnutls()], version: /GnuTLS ([\d.]+)/ },
];

/** Those that only `npm run matrix` asks, where they are installed. */
export const MORE_PROGRAMS: readonly Program[] = [
  { reader: 'node', command: async () => [process.execPath, path.join(HERE, 'ask-node.mjs')], version: /v([\d.]+)/ },
  ...(isInstalled('java')
    ? [
        {
          reader: 'java',
          command: async () => ['java', path.join(HERE, 'AskJava.java')],
          version: /Java ([\d.]+)/,
        } as const,
      ]
    : []),
];

let newest: Promise<readonly Program[]> | undefined;

/** The newest readers that Debian has, in a tree of its unstable suite. Needs root, and minutes the first time. */
export function newestPrograms(): Promise<readonly Program[]> {
  newest ??= prepareNewest();
  return newest;
}

async function prepareNewest(): Promise<readonly Program[]> {
  const { stdout: tree } = await execa('sh', [path.join(HERE, 'newest-tree.sh')]);
  const inside = `${tree}/ask`;
  await mkdir(inside, { recursive: true });
  for (const file of ['ask-python.py', 'ask-go', 'AskJava.java']) {
    await cp(path.join(HERE, file), path.join(inside, file), { recursive: true });
  }
  await cp(await buildAskGnutls(), path.join(inside, 'ask-gnutls'));
  const go =
    'export GOROOT="$(echo /usr/lib/go-1.*)" CGO_ENABLED=0; cd /ask/ask-go && go mod init ask-go && go build -o /ask/go-reader .';
  await rm(path.join(inside, 'ask-go/go.mod'), { force: true });
  await execa(CHROOT, [tree, 'sh', '-c', go], { extendEnv: false, env: { PATH: '/usr/bin:/bin', HOME: '/root' } });
  const run = (reader: Reader, version: RegExp | string, ...command: readonly string[]): Program => ({
    reader,
    version,
    tree,
    command: async () => command,
  });
  return [
    run('go', /go([\d.]+)/, '/ask/go-reader'),
    run('openssl', /OpenSSL ([\d.]+)/, 'python3', '/ask/ask-python.py'),
    run('python', /Python ([\d.]+)/, 'python3', '/ask/ask-python.py', '--strict'),
    run('gnutls', /GnuTLS ([\d.]+)/, '/ask/ask-gnutls'),
  ];
}

/** Finds the `go` on the `PATH`. Given by its place, it builds a module, as today's programs are built. */
async function goRoot(): Promise<string> {
  const { stdout } = await execa('go', ['env', 'GOROOT'], {
    extendEnv: false,
    env: { PATH: process.env['PATH'] ?? '', HOME: CACHE },
  });
  return stdout;
}

/** Runs a program on a folder of questions, with nothing of the developer's environment, which names files of its own. */
export async function ask(program: Program, folder: string): Promise<Answers> {
  const { reader, tree, version } = program;
  const command = await program.command();
  const stdout = tree ? await runInTree(tree, command, folder) : await run(command, folder);
  const [first = [], ...lines] = stdout
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  const name = first[1] ?? '';
  const verdicts = lines.map(([, authority = '', other = '']) => ({ authority, other }));
  const found = typeof version === 'string' ? version : (version.exec(name)?.[1] ?? '');
  return { reader, program: name, version: found, verdicts };
}

async function run([program = '', ...args]: readonly string[], folder: string): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
  const { stdout } = await promisify(execFile)(program, [...args, folder], { env, maxBuffer: 2 ** 28 });
  return stdout;
}

async function runInTree(tree: string, command: readonly string[], folder: string): Promise<string> {
  const copy = await mkdtemp(path.join(tree, 'tmp/ask-'));
  try {
    await cp(folder, copy, { recursive: true });
    return await run([CHROOT, tree, ...command], copy.slice(tree.length));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Compiles the program that asks GnuTLS, unless it was compiled before. */
async function buildAskGnutls(): Promise<string> {
  const source = path.join(HERE, 'ask-gnutls.c');
  const digest = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 16);
  const program = path.join(CACHE, `ask-gnutls-${digest}`);
  const isBuilt = await access(program).then(
    () => true,
    () => false,
  );
  if (isBuilt) return program;
  await mkdir(CACHE, { recursive: true, mode: 0o700 });
  const built = `${program}.${process.pid}`;
  await execa('gcc', ['-O1', '-Wall', '-Werror', '-o', built, source, '-lgnutls']);
  await rename(built, program);
  return program;
}
