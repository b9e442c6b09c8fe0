/** An image as EC2 has it. What is left out is that of an available, public image of Spacelift's. */
export interface StoredImage {
  readonly id: string;
  readonly name: string;
  readonly architecture: string;
  readonly owner: string;
  readonly createdAt: Date;
  readonly deprecatedAt?: Date;
  readonly state?: string;
  /** Whether the account itself owns it. */
  readonly isOwn?: boolean;
}

/** A launch template: the image of each version, the first being version 1. */
export interface StoredTemplate {
  readonly id: string;
  readonly name: string;
  readonly default: number;
  /** IDs of images, or `resolve:ssm:…`; `undefined`: the version names none. */
  readonly versions: readonly (string | undefined)[];
}

/** How a group names a version of a launch template. Without a version, it is the default one. */
export interface TemplateOfGroup {
  readonly id?: string;
  readonly name?: string;
  readonly version?: string;
}

export interface StoredGroup {
  readonly name: string;
  /** The images of its instances. */
  readonly runs?: readonly string[];
  /** The images of stopped instances in its warm pool. */
  readonly keepsWarm?: readonly string[];
  /** The images of instances in other states, such as `pending`. */
  readonly others?: Readonly<Record<string, string>>;
  readonly template?: TemplateOfGroup;
  readonly configuration?: string;
  readonly mixed?: {
    readonly template: TemplateOfGroup;
    readonly overrides: readonly { readonly template?: TemplateOfGroup; readonly image?: string }[];
  };
}

/** A subnet in `eu-west-1a` with 251 free addresses, unless it says otherwise. */
export interface StoredSubnet {
  readonly id: string;
  readonly vpc: string;
  readonly zone?: string;
  readonly cidr?: string;
  /** The tag `Name`. */
  readonly name?: string;
}

export interface StoredSecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpc: string;
  /** Default: the name. */
  readonly description?: string;
}

/** What an account has in a region. */
export interface Account {
  /** The regions that are enabled. */
  readonly regions?: readonly string[];
  readonly subnets?: readonly StoredSubnet[];
  readonly securityGroups?: readonly StoredSecurityGroup[];
  /** The instance types that EC2 offers in the region. */
  readonly instanceTypes?: readonly string[];
  readonly images?: readonly StoredImage[];
  readonly templates?: readonly StoredTemplate[];
  readonly groups?: readonly StoredGroup[];
  /** Launch configurations: name and image. */
  readonly configurations?: Readonly<Record<string, string>>;
  /** Parameters of Systems Manager. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The number of items in a page; all of them if left out. */
  readonly pageSize?: number;
}

const DAY = 86_400_000;

/** Spacelift's account (terraform-aws-spacelift-workerpool-on-ec2, ami.tf@e09770e). */
export const SPACELIFT = '643313122712';

/** Makes an image as Spacelift publishes it, released so many days ago. */
export function spaceliftImage(id: string, days: number, more: Partial<StoredImage> = {}): StoredImage {
  const createdAt = new Date(Math.floor((Date.now() - days * DAY) / 1000) * 1000);
  const architecture = more.architecture ?? 'x86_64';
  const name = `spacelift-${createdAt.getTime() / 1000}-${architecture}`;
  const deprecatedAt = new Date(createdAt.getTime() + 364 * DAY);
  return { id, name, architecture, owner: SPACELIFT, createdAt, deprecatedAt, ...more };
}

/** Variables with which an SDK finds no region and no credentials: neither files nor an instance. */
export const NO_AWS_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_PROFILE: '',
  AWS_REGION: '',
  AWS_DEFAULT_REGION: '',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
} as const;

/** Credentials that the stand-in accepts, and no others from the machine. */
export const AWS_ENVIRONMENT = {
  ...NO_AWS_CREDENTIALS,
  AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'eu-west-1',
} as const;
