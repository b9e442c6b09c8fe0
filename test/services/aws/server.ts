import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Account } from './account.ts';
import { type Answer, Refusal } from './answer.ts';
import { AUTO_SCALING_ACTIONS } from './auto-scaling.ts';
import { EC2_ACTIONS } from './ec2.ts';

/** A stand-in for EC2 and Auto Scaling on loopback, for one account and region. */
export interface AwsServer {
  readonly url: string;
  /** The actions that it was asked for, in order. */
  readonly actions: readonly string[];
  /** The requests, as they were sent. */
  readonly requests: readonly string[];
}

/** Serves the Query protocols of EC2 and Auto Scaling: the version of a request says which one it is for. */
export async function startAws(account: Account): Promise<AwsServer> {
  const [requests, actions]: [string[], string[]] = [[], []];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const query = new URLSearchParams(body);
      requests.push(body);
      actions.push(query.get('Action') ?? '');
      const answer = answerTo(request.headers.authorization, query, account);
      response.writeHead(answer.status, { 'content-type': 'text/xml;charset=UTF-8' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    actions,
  };
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

function answerTo(authorization: string | undefined, query: URLSearchParams, account: Account): Answer {
  const action = query.get('Action') ?? '';
  const isEc2 = query.get('Version') === '2016-11-15';
  try {
    if (!authorization?.startsWith('AWS4-HMAC-SHA256 Credential=AKIATESTTESTTESTTEST/'))
      throw new Refusal('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
    if (isEc2) {
      const handler = EC2_ACTIONS[action];
      if (!handler) throw new Refusal('InvalidAction', `The action ${action} is not valid for this web service.`);
      const content = `<requestId>1</requestId>${handler(query, account)}`;
      const xml = `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${content}</${action}Response>`;
      return { status: 200, body: DECLARATION + xml };
    }
    const handler = query.get('Version') === '2011-01-01' ? AUTO_SCALING_ACTIONS[action] : undefined;
    if (!handler) throw new Refusal('InvalidAction', `Could not find operation ${action}`);
    const result = `<${action}Result>${handler(query, account)}</${action}Result>`;
    const content = `${result}<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>`;
    const xml = `<${action}Response xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">${content}</${action}Response>`;
    return { status: 200, body: xml };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const details = `<Code>${error.code}</Code><Message>${error.message}</Message>`;
    const body = isEc2
      ? `${DECLARATION}<Response><Errors><Error>${details}</Error></Errors><RequestID>1</RequestID></Response>`
      : `<ErrorResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><Error><Type>Sender</Type>${details}</Error><RequestId>1</RequestId></ErrorResponse>`;
    return { status: error.status, body };
  }
}
