import { startHttpServer } from './http-server.ts';

/** A stand-in for AWS Secrets Manager on loopback, as the real AWS CLI talks to it. */
export interface SecretsManager {
  /** The values, by name. */
  readonly secrets: Map<string, string>;
  /** The operations so far. */
  readonly operations: string[];
  /** Operations that the account may not use. */
  readonly denied: Set<string>;
  /** The variables that lead the CLI here, with credentials. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Starts it; it goes away with the test. Operations, fields and errors are those of the service's own model (boto/botocore
 * 1.43, botocore/data/secretsmanager/2017-10-17/service-2.json): JSON 1.1, the operation in `X-Amz-Target`.
 */
export async function startSecretsManager(): Promise<SecretsManager> {
  const secrets = new Map<string, string>();
  const operations: string[] = [];
  const denied = new Set<string>();
  const { url } = await startHttpServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const given = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, string>;
    const operation = String(request.headers['x-amz-target']).replace('secretsmanager.', '');
    operations.push(operation);
    const name = given['SecretId'] ?? given['Name'] ?? '';
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    const refuse = (type: string, message: string) => answer(400, { __type: type, message });
    const value = secrets.get(name);
    if (denied.has(operation)) return refuse('AccessDeniedException', `not authorized to perform: ${operation}`);
    if (operation === 'CreateSecret') {
      if (value !== undefined) return refuse('ResourceExistsException', `${name} already exists`);
    } else if (value === undefined) {
      return refuse('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    if (operation === 'GetSecretValue') return answer(200, { Name: name, SecretString: value });
    secrets.set(name, given['SecretString'] ?? '');
    return answer(200, { Name: name });
  });
  const environment = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
  return { secrets, operations, denied, environment };
}
