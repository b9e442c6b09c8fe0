import type * as sdk from './aws-library.ts';
import { type ConnectionOptions, openClient } from './open-client.ts';
import { requestError } from './request-error.ts';

/** A connection to Auto Scaling. Its requests only read, and throw as those to EC2 do. */
export interface AutoScalingConnection {
  describeGroups(input: sdk.DescribeAutoScalingGroupsCommandInput): Promise<sdk.DescribeAutoScalingGroupsCommandOutput>;
  describeLaunchConfigurations(
    input: sdk.DescribeLaunchConfigurationsCommandInput,
  ): Promise<sdk.DescribeLaunchConfigurationsCommandOutput>;
  close(): void;
}

/** Connects to Auto Scaling. @throws UserError `SPACECTL_MISSING_INPUT` if no region is known */
export async function connectToAutoScaling(options: ConnectionOptions): Promise<AutoScalingConnection> {
  const { AutoScalingClient, DescribeAutoScalingGroupsCommand, DescribeLaunchConfigurationsCommand } = await import(
    './aws-library.ts'
  );
  const { client, close } = await openClient(AutoScalingClient, options);
  const throwRequestError = (cause: unknown) => {
    throw requestError('Auto Scaling', cause, options.suggestions);
  };
  return {
    describeGroups: (input) => client.send(new DescribeAutoScalingGroupsCommand(input)).catch(throwRequestError),
    describeLaunchConfigurations: (input) =>
      client.send(new DescribeLaunchConfigurationsCommand(input)).catch(throwRequestError),
    close,
  };
}
