import packageJson from '../package.json' with { type: 'json' };

/** The version of this program. */
export const VERSION = packageJson.version;

/** Program, platform and Node on one line. */
export const VERSION_LINE = `spacectl/${VERSION} ${process.platform}-${process.arch} node-${process.version}`;
