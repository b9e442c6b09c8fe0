export { loadAllCommands } from './oclif/command-map.ts';
export { describeCommands, describePoolFile } from './oclif/describe.ts';
