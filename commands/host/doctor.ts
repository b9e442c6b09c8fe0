import Doctor from '../doctor.ts';

/** Runs `spacectl doctor` under the topic where people look for it on a host. */
export default class HostDoctor extends Doctor {
  // oclif does not inherit base flags from a class that is itself a command.
  static override baseFlags = Doctor.baseFlags;
  static override summary = 'Diagnose an installed worker host: what is wrong, and how to fix it.';
}
