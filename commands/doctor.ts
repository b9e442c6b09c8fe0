import { doctor } from '../src/host/index.ts';
import { DoctorCommand } from './oclif/doctor-command.ts';

export default class Doctor extends DoctorCommand {
  static override summary = 'Diagnose this machine as a worker host: what is wrong, and how to fix it.';
  static override description =
    'Only reads; changes nothing. With --pre, runs the checks that matter before an installation: engine, outbound access, clock, disk, memory. Each finding shows its evidence. Exits with 10 if something is wrong.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --pre --dir my-pool --account acme --endpoint gitlab.example.com',
    'sudo <%= config.bin %> <%= command.id %> --json',
  ];
  static override inputs = doctor.inputs;

  async run(): Promise<void> {
    await this.printDiagnosis(await this.inquire(doctor));
  }
}
