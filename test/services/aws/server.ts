import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Account } from './account.ts';
import { type Answer, element, Refusal } from './answer.ts';
import { AUTO_SCALING_ACTIONS } from './auto-scaling.ts';
import { EC2_ACTIONS } from './ec2.ts';
import { type Fault, throwFault } from './faults.ts';
import { problemInAnswer, problemInRequest } from './model.ts';

/** A stand-in for EC2 and Auto Scaling on loopback, for one account. AWS's own models check requests and answers. */
export interface AwsServer {
  readonly url: string;
  /** The actions that it was asked for, in order. */
  readonly actions: readonly string[];
}

/**
 * Serves the Query protocols of EC2 and Auto Scaling: the version of a request says which one it is for.
 * @param faults what goes wrong, by action
 */
export async function startAws(account: Account, faults: Readonly<Record<string, Fault>> = {}): Promise<AwsServer> {
  const actions: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const query = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
      const action = query.get('Action') ?? '';
      const isFirst = !actions.includes(action);
      actions.push(action);
      if (faults[action] === 'hangs') return;
      const refuse = () => throwFault(faults[action], action, isFirst);
      const answer = answerTo(request.headers.authorization, query, account, refuse);
      response.writeHead(answer.status, { 'content-type': 'text/xml;charset=UTF-8' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    actions,
  };
}

const EC2_NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const AUTO_SCALING_NAMESPACE = 'http://autoscaling.amazonaws.com/doc/2011-01-01/';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

function answerTo(
  authorization: string | undefined,
  query: URLSearchParams,
  account: Account,
  refuse: () => void,
): Answer {
  const action = query.get('Action') ?? '';
  const isEc2 = query.get('Version') === '2016-11-15';
  try {
    if (!authorization?.startsWith('AWS4-HMAC-SHA256 Credential=AKIATESTTESTTESTTEST/'))
      throw new Refusal('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
    const problem = problemInRequest(query);
    if (problem) throw new Refusal('UnknownParameter', problem);
    refuse();
    const content = (isEc2 ? EC2_ACTIONS : AUTO_SCALING_ACTIONS)[action]?.(query, account) ?? '';
    const fault = problemInAnswer(action, content);
    if (fault) throw new Error(`The stand-in answers as AWS never does: ${fault}`);
    const whole = isEc2
      ? `<requestId>1</requestId>${content}`
      : `<${action}Result>${content}</${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>`;
    const xml = `<${action}Response xmlns="${isEc2 ? EC2_NAMESPACE : AUTO_SCALING_NAMESPACE}">${whole}</${action}Response>`;
    return { status: 200, body: DECLARATION + xml };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const details = element('Code', error.code) + element('Message', error.message);
    const body = isEc2
      ? `${DECLARATION}<Response><Errors><Error>${details}</Error></Errors><RequestID>1</RequestID></Response>`
      : `<ErrorResponse xmlns="${AUTO_SCALING_NAMESPACE}"><Error><Type>Sender</Type>${details}</Error><RequestId>1</RequestId></ErrorResponse>`;
    return { status: error.status, body };
  }
}
