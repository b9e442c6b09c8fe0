import { doctor } from '../src/host/index.ts';
import { DoctorCommand } from './oclif/doctor-command.ts';

export default class Doctor extends DoctorCommand {
  static override summary = 'Look at this machine as a worker host: what is wrong, how it shows, and what to do.';
  static override description =
    'Reads and changes nothing. With --pre, before anything is installed: engine, outbound access, clock, disk, memory. Each finding comes with its evidence. Exit code 10 where something is wrong.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --pre --dir my-pool --account acme --endpoint gitlab.example.com',
    'sudo <%= config.bin %> <%= command.id %> --json',
  ];
  static override inputs = doctor.inputs;

  async run(): Promise<void> {
    await this.tell(await this.inquire(doctor));
  }
}
