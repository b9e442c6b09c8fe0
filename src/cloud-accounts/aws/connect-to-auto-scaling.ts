import { createHttpClient } from '../../http/index.ts';
import type * as sdk from './aws-library.ts';
import type { Ec2Options } from './connect.ts';
import { regionOfEnvironment } from './region-of-environment.ts';
import { missingRegion, requestError } from './request-error.ts';
import { requestHandler } from './request-handler.ts';

/** A connection to Auto Scaling. Its requests only read, and throw as those to EC2 do. */
export interface AutoScalingConnection {
  describeGroups(input: sdk.DescribeAutoScalingGroupsCommandInput): Promise<sdk.DescribeAutoScalingGroupsCommandOutput>;
  describeLaunchConfigurations(
    input: sdk.DescribeLaunchConfigurationsCommandInput,
  ): Promise<sdk.DescribeLaunchConfigurationsCommandOutput>;
  close(): void;
}

/** Connects to Auto Scaling as to EC2. @throws UserError `SPACECTL_MISSING_INPUT` if no region is known */
export async function connectToAutoScaling(options: Ec2Options): Promise<AutoScalingConnection> {
  const { region, endpoint, signal, suggestions } = options;
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { AutoScalingClient, DescribeAutoScalingGroupsCommand, DescribeLaunchConfigurationsCommand } = await import(
    './aws-library.ts'
  );
  const http = createHttpClient();
  const named = region ?? regionOfEnvironment();
  const client = new AutoScalingClient({
    ...(named && { region: named }),
    ...(endpoint && { endpoint }),
    maxAttempts: 1,
    requestHandler: requestHandler(http, signal) as never,
  });
  const throwRequestError = (cause: unknown) => {
    throw requestError('Auto Scaling', cause, suggestions);
  };
  await client.config.region().catch((cause: unknown) => {
    throw missingRegion(cause);
  });
  return {
    describeGroups: (input) => client.send(new DescribeAutoScalingGroupsCommand(input)).catch(throwRequestError),
    describeLaunchConfigurations: (input) =>
      client.send(new DescribeLaunchConfigurationsCommand(input)).catch(throwRequestError),
    close() {
      client.destroy();
      http.close();
    },
  };
}
