import path from 'node:path';

/** @typedef {import('rolldown').ChunkingContext} Modules rolldown's view of all modules */

/**
 * Says which file of dist/ a module goes to. Left to itself, the bundler makes some 280 files, one for every set of
 * modules that is used together, and each that is loaded costs more than half a millisecond; in a single one, every run
 * would pay for reading all of it. So what starts the program is one file, help another, what every command needs is two
 * (ours and its libraries, whose source maps are not kept), and the modules of a folder of `src/` that need the same
 * libraries are one more: a run that loads one of them loads those libraries anyway.
 * @param {string} root
 * @returns {(id: string, modules: Modules) => string | null} `null` leaves it to the bundler
 */
export function chunkOf(root) {
  const sources = (/** @type {string[]} */ ...names) => names.map((name) => path.join(root, 'commands', `${name}.ts`));
  /** @param {Modules} modules */
  const findShared = (modules) => ({
    version: reachedFrom(sources('run'), modules),
    start: reachedFrom(sources('main'), modules),
    help: reachedFrom(sources('help/help', 'oclif/manifest-file', 'oclif/manifest'), modules),
    command: reachedFrom(sources('oclif/step-command', 'oclif/inquiry-command', 'oclif/confirmed-command'), modules),
  });
  /** @type {ReturnType<typeof findShared> | undefined} */
  let shared;
  const [entry] = sources('run');
  return (id, modules) => {
    shared ??= findShared(modules);
    const { version, start, help, command } = shared;
    if (version.has(id)) return id === entry ? null : 'version';
    if (start.has(id) || (help.has(id) && command.has(id))) return 'start';
    if (help.has(id)) return 'help';
    if (command.has(id) && libraryOf(id)) return 'oclif';

    const [top, folder = '', ...rest] = path.relative(root, id).split(path.sep);
    const isForCommands = command.has(id) || (top === 'src' && WITH_EVERY_COMMAND.includes(folder));
    if (!isForCommands && (top !== 'src' || rest.length === 0)) return null;
    const isLoaded = (/** @type {string} */ each) => start.has(each) || (command.has(each) && !(each in SLOW));
    const reached = [...reachedFrom([id], modules, (each) => libraryOf(each) !== undefined)];
    const libraries = new Set(reached.filter((each) => !isLoaded(each)).flatMap((each) => libraryOf(each) ?? []));
    return [isForCommands ? 'command' : folder, ...[...libraries].sort()].join('-');
  };
}

const WITH_EVERY_COMMAND = ['core', 'step', 'files'];

/**
 * Those of Node's own modules that take milliseconds to load, by what they are for.
 * @type {Readonly<Record<string, string>>}
 */
const SLOW = {
  'node:crypto': 'crypto',
  'node:http': 'network',
  'node:https': 'network',
  'node:tls': 'network',
  'node:worker_threads': 'layers',
  'node:zlib': 'layers',
};

/**
 * Names the library that a module belongs to: a package, or a part of Node's that is slow to load.
 * @param {string} id
 */
function libraryOf(id) {
  const [, name] = /\/node_modules\/(?:@[^/]+\/)?([^/]+)/.exec(id) ?? [];
  return name ?? SLOW[id];
}

/**
 * Finds all modules that are loaded with some, which are among them.
 * @param {readonly string[]} starts
 * @param {Modules} modules
 * @param {(id: string) => boolean} isEnd whether to leave out what a module needs
 */
function reachedFrom(starts, modules, isEnd = () => false) {
  /** @type {Set<string>} */
  const reached = new Set();
  const waiting = [...starts];
  for (let id = waiting.pop(); id; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    if (!isEnd(id)) waiting.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
  }
  return reached;
}
