import type { Cloud } from '../../cloud/limits.ts';
import { parseType, type Type } from './type.ts';

/** How a release's boot script handles the text of `configuration`. Sources: `test/fixtures/modules/*.json`, `boot`. */
export interface Boot {
  /** Bytes of the module's own part; `undefined` if the template of this release was not read. */
  readonly bytes: number | undefined;
  /** What ends a failed boot: `return` if the text runs inside a function that powers the host off. */
  readonly stop: 'return 1' | 'exit 1';
  /** Whether `env > FILE` passes the environment to the launcher: quotes, backslashes and line breaks are lost. */
  readonly hasEnvironmentFile: boolean;
}

/** One release of one of Spacelift's modules. */
export interface Module {
  readonly cloud: Cloud;
  readonly version: string;
  readonly source: string;
  readonly inputs: Readonly<Record<string, Type>>;
  readonly required: readonly string[];
  /** The parts of this release that were not read, in words. Such a release is rendered with a warning. */
  readonly unread: readonly string[];
  readonly boot: Boot;
  /**
   * AWS: the autoscaler to pin. Version 3 terminates instances by a right that only the role of v8 grants
   * (autoscaler/iam.tf@e09770e lacks it; pull request 227).
   */
  readonly autoscaler?: string;
  /** AWS: the template for a launcher in S3. The shell evaluates its text a second time when it writes it. */
  readonly selfHosted?: Pick<Boot, 'bytes'>;
}

/** Inputs by name, with their types as Terraform writes them. */
export type Inputs = Readonly<Record<string, string>>;

const REPOSITORIES: Readonly<Record<Cloud, string>> = {
  aws: 'terraform-aws-spacelift-workerpool-on-ec2',
  azure: 'terraform-azure-spacelift-workerpool',
  gcp: 'terraform-google-spacelift-workerpool',
};

/** Describes a release by the text of its types. */
export function release(
  facts: Omit<Module, 'inputs' | 'source' | 'unread'> & { readonly inputs: Inputs; readonly unread?: Module['unread'] },
): Module {
  const { cloud, version, inputs, unread = [] } = facts;
  const types = Object.entries(inputs).map(([name, type]) => [name, parseType(type)] as const);
  return {
    ...facts,
    unread,
    source: `github.com/spacelift-io/${REPOSITORIES[cloud]}?ref=${version}`,
    inputs: Object.fromEntries(types),
  };
}
