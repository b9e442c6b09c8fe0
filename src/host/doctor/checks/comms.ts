import { COMMS_PROTOCOL, COMMS_URL } from '../../../render/index.ts';
import { type Check, good, skipped, warning } from '../check.ts';

const FIX =
  'To make workers poll: sudo spacectl host install --dir DIR, or render the files again. Only a self-hosted server that predates polling still needs MQTT';

/**
 * Checks that workers poll. Spacelift retires MQTT at the end of 2026 (terraform-aws-spacelift-workerpool-on-ec2,
 * docs/upgrade/v8.x-to-v9.0.md@88372bb, and issue 229 there); a launcher uses it unless it is configured to poll.
 */
const comms: Check = {
  id: 'comms',
  title: 'Worker communication',
  stage: 'installed',
  async run({ comms: { protocol, origin, url } }) {
    if (origin === 'not installed') return skipped('no readable environment file of the launcher');
    if (protocol === 'mqtt') {
      const seen = `${COMMS_PROTOCOL} is ${origin === 'set' ? 'mqtt' : 'not set, which means MQTT'}`;
      return warning(
        `${seen}: Spacelift retires MQTT at the end of 2026, and workers should poll from 2027-01-01`,
        FIX,
      );
    }
    if (url === undefined) return warning(`polls, but ${COMMS_URL} is not set to an https URL`, FIX);
    return good(`polls ${url}`);
  },
};

export const commsChecks: readonly Check[] = [comms];
