import Build from './ca-bundle/build.ts';
import Init from './init.ts';
import Encode from './keypair/encode.ts';
import Generate from './keypair/generate.ts';
import Verify from './keypair/verify.ts';
import CloudInit from './render/cloud-init.ts';
import Systemd from './render/systemd.ts';

/** Every command by its name: oclif's explicit discovery, so that nothing is found by magic. */
export const COMMANDS = {
  init: Init,
  'ca-bundle:build': Build,
  'keypair:encode': Encode,
  'keypair:generate': Generate,
  'keypair:verify': Verify,
  'render:cloud-init': CloudInit,
  'render:systemd': Systemd,
};
