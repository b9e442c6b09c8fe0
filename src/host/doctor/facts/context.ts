import type { Values } from '../../../step/input.ts';
import type { doctorInputs } from '../inputs.ts';
import type { HostReader } from '../reader.ts';
import type { Installation } from './installation.ts';
import type { Units } from './units.ts';

/** What facts are gathered from: the machine, the inputs, and what is installed. */
export interface Context {
  readonly reader: HostReader;
  readonly values: Values<typeof doctorInputs>;
  readonly installation: Installation;
  readonly units: Units;
}
