import { UserError } from '../../../core/errors.ts';
import { onlyWhen, optionalText, yesNo } from '../../../step/input.ts';
import { matching } from '../../../step/parsers.ts';
import { rule } from '../../../step/rule.ts';

const wantsSpot = ({ spot }: { spot: boolean }) => spot;

/** A summary of Spacelift's own warning. */
export const SPOT_RISK =
  "AWS can stop a spot instance with two minutes' notice. A run can lose work, corrupt state or leave infrastructure inconsistent. Not for production.";

/** The comment above whatever starts spot instances. */
export const SPOT_COMMENT = `Spot instances, accepted with --accept-spot-risk.\n${SPOT_RISK.replaceAll('. ', '.\n')}`;

/** Whether the instances are spot instances, and whether the user accepts their risk. */
export const spotInputs = {
  spot: yesNo({
    summary: 'Use spot instances; needs --accept-spot-risk',
    question: 'Use spot instances (for development and tests)?',
    asked: true,
  }),
  'accept-spot-risk': onlyWhen(
    wantsSpot,
    yesNo({
      summary: 'Accept the risk of spot instances for runs',
      question: 'Do you accept that risk?',
      description: SPOT_RISK,
      asked: true,
    }),
  ),
  'spot-max-price': onlyWhen(
    wantsSpot,
    optionalText({
      summary: 'Maximum price of a spot instance per hour, in dollars',
      placeholder: 'PRICE',
      parse: matching(/^\d{1,4}(?:\.\d{1,6})?$/, 'a price in dollars, such as 0.05'),
    }),
  ),
} as const;

/** The risk of spot instances is accepted. */
export const acceptedSpotRisk = rule(
  ['spot', 'accept-spot-risk'],
  ({
    spot,
    'accept-spot-risk': isAccepted,
  }: {
    readonly spot: boolean;
    readonly 'accept-spot-risk'?: boolean | undefined;
  }) => {
    if (spot && !isAccepted) throw new UserError('SPACECTL_BAD_INPUT', `--spot needs --accept-spot-risk: ${SPOT_RISK}`);
  },
);

/** Returns the request for spot instances of a launch template. Auto Scaling groups accept no other type of request. */
export function spotRequest(maxPrice: string | undefined) {
  return { max_price: maxPrice, spot_instance_type: 'one-time', instance_interruption_behavior: 'terminate' };
}
