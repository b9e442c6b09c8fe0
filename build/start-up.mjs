const PERFORMANCE = 'exports.Performance = { mark() {}, collect: async () => {}, debug() {} }';

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
  // Measures oclif's own parts, when told to.
  './performance': PERFORMANCE,
  '../performance': PERFORMANCE,
  // Finds sources for compiled commands.
  './ts-path': 'exports.tsPath = async () => undefined',
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

/** `const os_1 = require("node:os")` as TypeScript writes it, at the top of a module. */
const IMPORT = /^const (\w+_\d+) = ((?:__importDefault\()?require\("[^"]+"\)\)?);$/gm;

/** How a file of dist/ loads the one of what is rarely needed (chunks.mjs), before it is minified. */
const LATE_FILE = /^const require_late = (require\(.*\));$/m;

/**
 * Has oclif load a module, Node's own as well, when it first uses it: it imports all it may ever need at its start, help
 * and its colours among it. Start-up is 20 ms shorter.
 */
export const loadLate = {
  name: 'load-late',
  transform(whole, id) {
    if (!/\/node_modules\/@oclif\/core\/lib\//.test(id)) return undefined;
    // It imports all of help for these two.
    const code = whole.replace(/help_1\.(?=normalizeArgv|getHelpFlagAdditions)/g, 'require("./help/util").');
    const names = [...code.matchAll(IMPORT)].map(([, name]) => name);
    if (names.length === 0) return undefined;
    const uses = new RegExp(`\\b(${names.join('|')})\\b`, 'g');
    // Text, name, value, text, name, value, …, text.
    const parts = code.split(IMPORT).map((part, index) => (index % 3 === 0 ? part.replace(uses, '($1())') : part));
    const late = parts.map((part, index) => {
      if (index % 3 !== 1) return index % 3 === 0 ? part : '';
      return `let ${part}_; const ${part} = () => (${part}_ ??= ${parts[index + 1]});`;
    });
    return { code: late.join('') };
  },
  /** A new version of oclif or of the bundler may write it otherwise. */
  generateBundle(_options, files) {
    const eager = Object.values(files).find(({ code }) => /(?<!\?\?=)require\("\.\/late-/.test(code ?? ''));
    if (eager) this.error(`what is rarely needed is loaded at once by ${eager.fileName}`);
  },
  renderChunk(code) {
    if (!LATE_FILE.test(code)) return undefined;
    const late = code.replace(/\brequire_late\./g, 'require_late().');
    return { code: late.replace(LATE_FILE, 'let late_; const require_late = () => (late_ ??= $1);') };
  },
};

function isFromOclif(importer) {
  return /\/node_modules\/(?:@oclif|ansi-styles)\//.test(importer ?? '');
}
