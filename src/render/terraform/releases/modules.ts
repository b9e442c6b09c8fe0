import { AWS } from './aws.ts';
import { AZURE } from './azure.ts';
import { GCP } from './gcp.ts';
import type { Module } from './release.ts';

/** The known releases, for each cloud the default first. */
export const MODULES: readonly Module[] = [...AWS, ...AZURE, ...GCP];
