export { loadAllCommands } from './oclif/command-map.ts';
export { describeCommands, describePoolFile, describeProgram } from './oclif/describe.ts';
export { formatManifest } from './oclif/manifest-file.ts';
