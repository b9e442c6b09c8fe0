import Doctor from '../doctor.ts';

/** The same as `spacectl doctor`, where people look for it on a host. */
export default class HostDoctor extends Doctor {
  // oclif does not inherit them from a command that is itself one.
  static override baseFlags = Doctor.baseFlags;
  static override summary = 'Look at an installed worker host: what is wrong, how it shows, and what to do.';
}
