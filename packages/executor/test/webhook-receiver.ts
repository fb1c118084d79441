import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { JobStatus } from '@signalbox/core/statuses';
import type { Database } from '@signalbox/db/client';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { SecretKeys } from '@signalbox/db/secret-keys';
import { createWebhook, webhookSecretOwner } from '@signalbox/db/webhooks';

export interface Message {
  id: string;
  isSigned: boolean;
  body: { type: string; data: { id: string; status: JobStatus; workflow: string; error: { message: string } | null } };
}

/** Somebody who is told by webhooks. */
export interface WebhookReceiver {
  /** Host and port. */
  address: string;
  /** Messages to its path `/never`, which it does not answer. */
  hanging: Message[];
  /** What came in elsewhere. */
  received: Message[];
  /** With which status the next ones are answered; 204 when there is none. */
  answers: number[];
  /** What the executors need to reach it. */
  environment: Record<string, string>;
  /** Has it told of these; gives the id of the webhook. */
  subscribe(db: Database, statuses: JobStatus[], workflows?: string[], url?: string): Promise<string>;
  close(): void;
}

export async function openWebhookReceiver(): Promise<WebhookReceiver> {
  const key = randomBytes(32).toString('base64');
  const secret = randomBytes(32);
  const keys = new SecretKeys([key]);
  const [received, hanging, answers]: [Message[], Message[], number[]] = [[], [], []];
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { headers } = request;
    const body = (await json(request)) as Message['body'];
    const [id, timestamp] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])];
    const expected = createHmac('sha256', secret)
      .update(`${id}.${timestamp}.${JSON.stringify(body)}`)
      .digest('base64');
    const message = { id, body, isSigned: headers['webhook-signature'] === `v1,${expected}` };
    if (request.url === '/never') {
      hanging.push(message);
      return;
    }
    received.push(message);
    response.writeHead(answers.shift() ?? 204).end();
  };
  const server = createServer((request, response) => void receive(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    received,
    hanging,
    answers,
    environment: { SIGNALBOX_SECRETS_KEY: key, SIGNALBOX_HTTP_ALLOW: address },
    async subscribe(db, statuses, workflows = [], url = `http://${address}/hook`) {
      const content = { url, workflows, statuses, active: true };
      const lock = (id: string) =>
        keys.lock(webhookSecretOwner(DEFAULT_TENANT_ID, id), `whsec_${secret.toString('base64')}`);
      return (await createWebhook(db, DEFAULT_TENANT_ID, content, 'test', lock)).id;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
