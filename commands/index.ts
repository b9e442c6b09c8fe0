export { loadAllCommands } from './oclif/command-map.ts';
export { describeCommands, describePoolFile, describeProgram } from './oclif/describe.ts';
