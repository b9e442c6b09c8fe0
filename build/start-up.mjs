/**
 * What oclif imports at start-up for ways of finding commands and configuration that this program does not use: its
 * commands are an explicit map, its package.json and manifest are handed over. Left out, start-up is 20 ms shorter.
 */
const UNUSED = {
  tinyglobby: 'module.exports = {}',
  lilconfig: 'module.exports = {}',
  minimatch: 'module.exports = {}',
  typescript: 'module.exports = {}',
  // Only to tell WSL from Linux.
  'wsl-utils': 'export const isWsl = false',
  // Colours in models other than the terminal's own: text is wrapped, not painted, with what asks for it.
  'color-convert': 'module.exports = {}',
  // 30 kB of frames for a spinner that nobody sees: task lists are listr2's.
  'cli-spinners': 'module.exports = { line: { frames: [] }, dots2: { frames: [] } }',
};

/** Puts next to nothing in the place of modules that are loaded but never used. */
export const leaveOut = {
  name: 'leave-out',
  resolveId: (name, importer) => {
    return Object.hasOwn(UNUSED, name) && isFromOclif(importer) ? `\0left-out:${name}` : undefined;
  },
  load: (id) => (id.startsWith('\0left-out:') ? UNUSED[id.slice('\0left-out:'.length)] : undefined),
};

/**
 * Node's own modules that oclif asks for at start-up and uses in rare cases only: each costs milliseconds to load, so
 * they are loaded when first used.
 */
const USED_LATE = /^(?:node:)?(child_process|readline|perf_hooks)$/;

export const loadLate = {
  name: 'load-late',
  resolveId: (name, importer) => {
    const [, late] = USED_LATE.exec(name) ?? [];
    return late && isFromOclif(importer) ? `\0late:${late}` : undefined;
  },
  load: (id) => {
    if (!id.startsWith('\0late:')) return undefined;
    const name = JSON.stringify(id.slice('\0late:'.length));
    return `module.exports = new Proxy({}, { get: (_, key) => process.getBuiltinModule(${name})[key] })`;
  },
};

function isFromOclif(importer) {
  return /\/node_modules\/(?:@oclif|ansi-styles)\//.test(importer ?? '');
}
