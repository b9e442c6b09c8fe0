import path from 'node:path';

/**
 * Which file of dist/ a module goes to. Left to itself, the bundler makes some 280 files, one for every set of modules
 * that is used together, and each that is loaded costs more than half a millisecond; in a single one, every run would
 * pay for reading all of it. So what starts the program is one file, what every command needs is a second, and the
 * modules of a folder of `src/` that need the same libraries are one more: whoever loads a file loads those as well.
 * @returns for a module's path, and rolldown's view of all, the name of its file; `null` leaves it to the bundler
 */
export function chunkOf(root) {
  const sources = (...names) => names.map((name) => path.join(root, 'commands', `${name}.ts`));
  let known;
  return (id, modules) => {
    known ??= {
      version: reachedFrom(sources('run'), modules),
      start: reachedFrom(sources('main'), modules),
      command: reachedFrom(sources('oclif/step-command', 'oclif/inquiry-command', 'oclif/confirmed-command'), modules),
    };
    const { version, start, command } = known;
    if (version.has(id)) return null;
    if (start.has(id) || id.startsWith('\0left-out:')) return RARE.test(id) ? 'late' : 'start';

    const [top, folder, ...rest] = path.relative(root, id).split(path.sep);
    const isForCommands = command.has(id) || (top === 'src' && WITH_EVERY_COMMAND.includes(folder));
    if (!isForCommands && (top !== 'src' || rest.length === 0)) return null;
    const isThere = (each) => start.has(each) || (command.has(each) && !(each in SLOW));
    const reached = [...reachedFrom([id], modules, libraryOf)].filter((each) => !isThere(each));
    const libraries = new Set(reached.flatMap((each) => libraryOf(each) ?? []));
    return [isForCommands ? 'command' : folder, ...[...libraries].sort()].join('-');
  };
}

/** What most runs do without: the libraries behind oclif, and what it explains itself and paints with. See start-up.mjs. */
const RARE =
  /\/node_modules\/(?!@oclif\/core\/)|\/@oclif\/core\/lib\/(?:ux\/|help\/(?!util)|module-loader|util\/(?:find-root|cache-))/;

const WITH_EVERY_COMMAND = ['step', 'files'];

/** Those of Node's own modules that take milliseconds to load, by what they are for. */
const SLOW = {
  'node:crypto': 'crypto',
  'node:http': 'network',
  'node:https': 'network',
  'node:tls': 'network',
  'node:worker_threads': 'layers',
  'node:zlib': 'layers',
};

/** The library that a module belongs to: a package, or a part of Node's that is slow to load. */
function libraryOf(id) {
  const [, name] = /\/node_modules\/(?:@[^/]+\/)?([^/]+)/.exec(id) ?? [];
  return name ?? SLOW[id];
}

/** All modules that are loaded with some, which are among them; not what those need where it `ends`. */
function reachedFrom(starts, modules, ends = () => false) {
  const reached = new Set();
  const waiting = [...starts];
  for (let id = waiting.pop(); id; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    if (!ends(id)) waiting.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
  }
  return reached;
}
