import path from 'node:path';

/**
 * Which file of dist/ a module goes to. Left to itself, the bundler makes some 280 files, one for every set of modules
 * that is used together, and each that is loaded costs more than half a millisecond; in a single one, every run would
 * pay for reading all of it. So what starts the program is one file, what every command needs is a second, and each
 * folder of `src/` is one more, except for modules that need a library: those stay by themselves, for whoever loads the
 * rest of the folder would load the library.
 * @returns for a module's path, and rolldown's view of all, the name of its file; `null` leaves it to the bundler
 */
export function chunkOf(root) {
  const sources = (...names) => names.map((name) => path.join(root, 'commands', `${name}.ts`));
  const closures = new Map();
  return (id, modules) => {
    const reachedFrom = (starts) => {
      const key = starts.join();
      if (!closures.has(key)) closures.set(key, closureOf(starts, modules));
      return closures.get(key);
    };
    const start = reachedFrom(sources('main'));
    if (start.has(id)) return 'start';
    const command = reachedFrom(sources('step-command', 'inquiry-command', 'confirmed-command'));
    if (command.has(id)) return 'command';

    const [top, folder, ...rest] = path.relative(root, id).split(path.sep);
    const isAlone = top !== 'src' || rest.length === 0 || id.endsWith('/layer-worker.ts');
    if (isAlone) return null;
    const isLibrary = (each) => each.includes('/node_modules/') && !start.has(each) && !command.has(each);
    if ([...reachedFrom([id])].some(isLibrary)) return null;
    return ALWAYS_TOGETHER[folder] ?? folder;
  };
}

/** Folders that are of no use without the other. */
const ALWAYS_TOGETHER = { step: 'command', files: 'command', oci: 'ca-bundle', http: 'ca-bundle' };

/** All modules that are loaded with some, which are among them. */
function closureOf(starts, modules) {
  const reached = new Set();
  const waiting = [...starts];
  for (let id = waiting.pop(); id; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    waiting.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
  }
  return reached;
}
