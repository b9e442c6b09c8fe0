import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { toSafeLine } from '../core/safe-line.ts';
import { readWhole } from '../files/read.ts';
import { withTemporaryFolder } from '../files/temporary.ts';
import type { HttpClient } from '../http/index.ts';
import { LONG_TIMEOUT, runProgram } from '../programs/index.ts';
import type { Report } from '../step/content.ts';
import { download, verifyDigest } from './download.ts';

/** A launcher of a self-hosted installation to fetch. */
export interface SelfHostedRequest {
  /** A path, an https URL, or `s3://BUCKET/KEY`. */
  readonly from: string;
  /** The name for messages: `from` without the secret part of a presigned URL. */
  readonly name: string;
  /** Hexadecimal SHA-256. */
  readonly digest: string;
  readonly target: string;
  readonly client: HttpClient;
  readonly signal: AbortSignal;
  readonly report?: Report | undefined;
}

/**
 * Fetches the launcher of a self-hosted installation. It has no signature; its digest is verified.
 * @throws UserError `SPACECTL_DIGEST_MISMATCH`; `SPACECTL_PROGRAM_MISSING`, `SPACECTL_PROGRAM_FAILED` of the AWS CLI
 */
export async function fetchSelfHosted({
  from,
  name,
  digest,
  target,
  client,
  signal,
  report,
}: SelfHostedRequest): Promise<Buffer> {
  if (/^https?:/.test(from)) return download({ url: from, name, digest, target, client, signal, report });
  const bytes = from.startsWith('s3://') ? await copyFromS3(from, signal) : await readWhole(from);
  verifyDigest(bytes, digest, name);
  return bytes;
}

/**
 * Reads an object with the AWS CLI, which finds credentials in all places that AWS supports (instance roles, SSO, web
 * identities, profiles). A presigned URL does not need it.
 */
async function copyFromS3(uri: string, signal: AbortSignal): Promise<Buffer> {
  return withTemporaryFolder(async (folder) => {
    const file = path.join(folder, 'launcher');
    const args = ['s3', 'cp', '--only-show-errors', uri, file];
    const { exitCode, stderr } = await runProgram('aws', args, { signal, timeout: LONG_TIMEOUT });
    if (exitCode === 0) return await readWhole(file);
    throw new UserError('SPACECTL_PROGRAM_FAILED', `aws s3 cp ${uri} failed: ${toSafeLine(stderr)}`, {
      suggestions: ['Pass a presigned URL instead: --from "$(aws s3 presign …)"'],
    });
  });
}
