/** Returns the region that variables name. The AWS CLI reads `AWS_DEFAULT_REGION`, which the SDK for JavaScript ignores. */
export function regionOfEnvironment(): string | undefined {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  return AWS_REGION || AWS_DEFAULT_REGION || undefined;
}
