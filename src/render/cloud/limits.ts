/** The clouds that Terraform configurations are rendered for. */
export type Cloud = 'aws' | 'azure' | 'gcp';

/** What people call the clouds. */
export const CLOUD_TITLES = { aws: 'AWS', azure: 'Azure', gcp: 'Google Cloud' } as const;

/** What each cloud calls its object store, as `--ca-delivery` takes it. */
export const OBJECT_STORES = { aws: 's3', azure: 'blob', gcp: 'gcs' } as const;

/**
 * The most bytes of boot data that a cloud accepts: EC2's user data and Azure's custom data before base64, a metadata value
 * on Google Cloud, and OpenStack's user data, whose limit applies after base64.
 */
export const MAX_BOOT_DATA = {
  aws: 16_384,
  azure: 65_535,
  gcp: 262_144,
  openstack: Math.floor(65_535 / 4) * 3,
} as const;
