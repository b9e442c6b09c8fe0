import { Refusal } from './answer.ts';

/**
 * What goes wrong with an action. `denied`: what IAM answers without the right (EC2 API Reference, "Common client error
 * codes", UnauthorizedOperation). `rejected`: credentials that are not valid. `throttled once`: the first request gets
 * RequestLimitExceeded. `hangs`: no answer comes.
 */
export type Fault = 'denied' | 'rejected' | 'throttled once' | 'hangs';

/** Refuses a request as its fault says. @param isFirst whether the action is asked for the first time */
export function throwFault(fault: Fault | undefined, action: string, isFirst: boolean): void {
  if (fault === 'denied') throw new Refusal('UnauthorizedOperation', DENIED.replaceAll('ACTION', action), 403);
  if (fault === 'rejected')
    throw new Refusal('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
  if (fault === 'throttled once' && isFirst) throw new Refusal('RequestLimitExceeded', 'Request limit exceeded.', 503);
}

const DENIED =
  'You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/dev is not authorized to perform: ec2:ACTION because no identity-based policy allows the ec2:ACTION action. Encoded authorization failure message: 4Jv0d2hZ';
