import Encode from './keypair/encode.ts';
import Generate from './keypair/generate.ts';
import Verify from './keypair/verify.ts';

/** Every command by its name: oclif's explicit discovery, so that nothing is found by magic. */
export const COMMANDS = {
  'keypair:encode': Encode,
  'keypair:generate': Generate,
  'keypair:verify': Verify,
};
