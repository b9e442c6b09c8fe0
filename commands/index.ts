export { loadAllCommands } from './oclif/command-map.ts';
export { describeCommands } from './oclif/describe.ts';
