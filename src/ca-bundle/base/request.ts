import type { Platform } from '../../oci/index.ts';
import type { BaseLocation } from './store.ts';

/** The default image of runs: Spacelift's SPACELIFT_DEFAULT_RUNNER_IMAGE. */
export const DEFAULT_RUNNER_IMAGE = 'public.ecr.aws/spacelift/runner-terraform:latest';

/** Paths of the trust store in images, in the order in which they are tried: Go's list (crypto/x509, root_linux.go). */
export const USUAL_PATHS = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
] as const;

/** The values of `sourceInputs`. */
export interface SourceRequest {
  readonly source: string;
  readonly offline: boolean;
  readonly image: BaseLocation | undefined;
  readonly platform: Platform | undefined;
  readonly 'image-path': string | undefined;
  readonly 'all-paths'?: boolean | undefined;
  readonly verify?: string | undefined;
  readonly 'allow-unverified'?: boolean | undefined;
  readonly cache?: boolean | undefined;
  readonly 'registry-ca': string | undefined;
  readonly 'registry-username': string | undefined;
  readonly 'registry-password': string | undefined;
  readonly 'registry-certificate': string | undefined;
  readonly 'registry-key': string | undefined;
  readonly mirror: readonly string[];
  readonly 'plain-http': boolean | undefined;
}

/** The values that say how to reach and read any image. */
export type Access = Omit<SourceRequest, 'source' | 'offline' | 'image' | 'platform' | 'image-path' | 'all-paths'>;
