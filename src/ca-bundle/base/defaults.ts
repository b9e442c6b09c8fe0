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
