import packageJson from '../package.json' with { type: 'json' };

/** The version of this program. */
export const VERSION = packageJson.version;

/** What `--version` prints: program, platform and Node. */
export const VERSION_LINE = `spacectl/${VERSION} ${process.platform}-${process.arch} node-${process.version}`;
