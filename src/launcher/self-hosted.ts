import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { readWhole } from '../files/read.ts';
import type { HttpClient } from '../http/index.ts';
import { runProgram } from '../programs/index.ts';
import { download, refuseOtherDigest } from './download.ts';

export interface SelfHostedRequest {
  /** A path, an https URL, or `s3://BUCKET/KEY`. */
  readonly from: string;
  /** The same for people: a presigned URL without its secret part. */
  readonly name: string;
  /** Hexadecimal SHA-256. */
  readonly digest: string;
  readonly target: string;
  readonly client: HttpClient;
  readonly signal: AbortSignal;
}

/**
 * The launcher of a self-hosted installation, which no signature vouches for: its digest does.
 * @throws UserError `SPACECTL_DIGEST_MISMATCH`; `SPACECTL_PROGRAM_MISSING`, `SPACECTL_PROGRAM_FAILED` of the AWS CLI
 */
export async function fetchSelfHosted({
  from,
  name,
  digest,
  target,
  client,
  signal,
}: SelfHostedRequest): Promise<Buffer> {
  if (/^https?:/.test(from)) return download({ url: from, name, digest, target, client, signal });
  const bytes = from.startsWith('s3://') ? await copyFromS3(from, signal) : await readWhole(from);
  refuseOtherDigest(bytes, digest, name);
  return bytes;
}

/**
 * Buckets are read by the AWS CLI: it finds credentials in all the places AWS has for them (instance roles, SSO, web
 * identities, profiles), which is its work and not ours. A presigned URL needs none of it.
 */
async function copyFromS3(uri: string, signal: AbortSignal): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spacectl-'));
  try {
    const file = path.join(folder, 'launcher');
    const { exitCode, stderr } = await runProgram('aws', ['s3', 'cp', '--only-show-errors', uri, file], { signal });
    if (exitCode === 0) return await readWhole(file);
    throw new UserError('SPACECTL_PROGRAM_FAILED', `aws s3 cp ${uri} failed: ${stderr}`, {
      suggestions: ['Give a presigned URL instead: --from "$(aws s3 presign …)"'],
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
