/** What the user's accounts at AWS have. */
export type { Ec2Connection, Ec2Options } from './aws/connect.ts';
export { connectToEc2 } from './lazy.ts';
