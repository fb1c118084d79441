import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import { readBody, sendJson, serve } from './loopback-server.ts';
import { callTool } from './tool-stage.ts';

type Received = { headers: IncomingHttpHeaders; body: string };

const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const secrets = { SIGNALBOX_HTTP_ALLOW: '127.0.0.1', PLAIN: 'a plain secret', SPEC: `whsec_${KEY.toString('base64')}` };

/** A receiver that keeps what it gets. */
async function receiver(status = 200): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const url = await serve(async (request, response) => {
    received.push({ headers: request.headers, body: await readBody(request) });
    sendJson(response, { ok: true }, status);
  });
  return { url, received };
}

const send = (input: Record<string, unknown>) => callTool('webhook.send', input, { secrets });

/** As a receiver checks it, by the specification. */
function signatureOf({ body, headers }: Received, key: Buffer | string): string {
  const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

describe('webhook.send', () => {
  test.each([
    ['PLAIN', secrets.PLAIN],
    ['SPEC', KEY],
  ])('posts the payload, signed with the secret %s', async (secret, key) => {
    const { received, url } = await receiver();
    const { output } = await send({ url, secret, payload: { order: 7, note: 'ü' } });
    const [message] = received;
    if (!message) throw new Error('nothing came');
    expect(JSON.parse(message.body)).toEqual({ order: 7, note: 'ü' });
    expect(message.headers['content-type']).toBe('application/json');
    expect(message.headers['webhook-signature']).toBe(signatureOf(message, key));
    expect(Math.abs(Number(message.headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(60);
    expect(output).toMatchObject({ id: message.headers['webhook-id'], status: 200, body: { ok: true } });
  });

  test('a repetition has the same id, another message has another one, and a given id is kept', async () => {
    const { received, url } = await receiver();
    for (const payload of [1, 1, 2]) await send({ url, secret: 'PLAIN', payload });
    await send({ url, secret: 'PLAIN', payload: 1, id: 'mine-1' });
    const [first, again, other, own] = received.map(({ headers }) => headers['webhook-id']);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(own).toBe('mine-1');
  });

  test.each([
    [401, 'AUTH'],
    [429, 'RATE_LIMIT'],
    [503, 'NETWORK'],
    [410, 'USER_INPUT'],
    [302, 'USER_INPUT'],
  ])('an answer of %i is a failure of the kind %s', async (status, category) => {
    const { received, url } = await receiver(status);
    const { failure } = await send({ url, secret: 'PLAIN', payload: 1 });
    expect(failure).toMatchObject({ category, message: expect.stringContaining(`answered ${status}`) });
    expect(received).toHaveLength(1);
  });

  test('a secret that is not set, or is no key, is told by its name only', async () => {
    const { url } = await receiver();
    expect((await send({ url, secret: 'NOWHERE', payload: 1 })).failure).toMatchObject({
      category: 'CONFIGURATION',
      message: expect.stringContaining('NOWHERE'),
    });
    const bad = { ...secrets, BAD: 'whsec_!' };
    const { failure } = await callTool('webhook.send', { url, secret: 'BAD', payload: 1 }, { secrets: bad });
    expect(failure?.message).toBe('The secret BAD begins with whsec_, but no Base64 follows.');
  });
});
