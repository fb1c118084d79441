import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { runStep } from '@signalbox/plugin-sdk/testing';
import { describe, expect, test } from 'vitest';
import type { HttpRequestInput } from '../src/http-request.ts';
import { tool } from '../src/tool.ts';
import { readBody, sendJson, serve } from './loopback-server.ts';

function* endlessText(): Generator<string> {
  for (;;) yield 'x'.repeat(65_536);
}

const request = (input: HttpRequestInput, signal?: AbortSignal) =>
  runStep(tool, {
    config: { tool: 'http.request', input },
    secrets: { SIGNALBOX_HTTP_ALLOW: '127.0.0.1' },
    ...(signal ? { signal } : {}),
  });

describe('answers', () => {
  test('JSON is parsed, headers are in lower case, and the log has one line about it', async () => {
    const url = await serve((_request, response) => {
      response.setHeader('X-Kind', 'test');
      sendJson(response, { ok: true, list: [1, 2] });
    });
    const { output, lines } = await request({ url: `${url}/data` });
    expect(output).toMatchObject({ status: 200, body: { ok: true, list: [1, 2] }, url: `${url}/data` });
    expect(output?.headers).toMatchObject({ 'x-kind': 'test' });
    expect(output?.durationMs).toEqual(expect.any(Number));
    expect(lines.map((line) => line.message)).toEqual([expect.stringContaining(`GET ${url}/data: 200 OK, 24 bytes`)]);
  });

  test.each([
    ['text/plain; charset=iso-8859-1', Buffer.from([0xe4]), 'ä'],
    ['text/plain; charset=no-such-set', Buffer.from('ä'), 'ä'],
    ['application/problem+json', Buffer.from('{"a":1}'), { a: 1 }],
    ['application/json', Buffer.from(''), null],
    ['not a type', Buffer.from('{}'), '{}'],
  ])('a body of type %s is read as it says', async (type, bytes, body) => {
    const url = await serve((_request, response) => response.writeHead(200, { 'content-type': type }).end(bytes));
    expect((await request({ url })).output?.body).toEqual(body);
  });

  test('a body that only calls itself JSON is handed on as text with a warning', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'),
    );
    const { output, lines } = await request({ url });
    expect(output?.body).toBe('<html>');
    expect(lines.map((line) => line.level)).toContain('WARNING');
  });

  test('a header that comes twice keeps both values', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(204, ['set-cookie', 'a=1', 'set-cookie', 'b=2']).end(),
    );
    expect((await request({ url })).output).toMatchObject({ status: 204, headers: { 'set-cookie': 'a=1, b=2' } });
  });
});

describe('requests', () => {
  test('method, headers, query and a JSON body arrive', async () => {
    const url = await serve(async (incoming, response) => {
      const { method, url: path, headers } = incoming;
      const body = await readBody(incoming);
      sendJson(response, { method, path, type: headers['content-type'], token: headers['x-token'], body });
    });
    const { output } = await request({
      url: `${url}/search?a=1`,
      method: 'POST',
      headers: { 'X-Token': 't' },
      query: { q: 'ä b', page: 2, deep: true },
      body: { name: 'x' },
    });
    expect(output?.body).toEqual({
      method: 'POST',
      path: '/search?a=1&q=%C3%A4+b&page=2&deep=true',
      type: 'application/json',
      token: 't',
      body: '{"name":"x"}',
    });
  });

  test('a text is sent as it is, under the type that is given', async () => {
    const url = await serve(async (incoming, response) =>
      sendJson(response, [incoming.headers['content-type'], await readBody(incoming)]),
    );
    const { output } = await request({ url, method: 'PUT', headers: { 'content-type': 'text/csv' }, body: 'a,b\n' });
    expect(output?.body).toEqual(['text/csv', 'a,b\n']);
  });

  test.each([
    ['another protocol', { url: 'file:///etc/passwd' }, 'only http and https, not file'],
    ['no URL', { url: 'example' }, 'is no URL'],
    ['a password in the URL', { url: 'http://u:p@127.0.0.1/' }, 'Authorization header'],
    ['a header that cannot be', { url: 'http://127.0.0.1/', headers: { 'a b': 'c' } }, 'headers cannot be sent'],
    ['a body with GET', { url: 'http://127.0.0.1/', body: 'x' }, 'has no body'],
    ['a timeout that is none', { url: 'http://127.0.0.1/', timeout: 'soon' }, 'input/timeout must match pattern'],
    ['a timeout that is too long', { url: 'http://127.0.0.1/', timeout: '2h' }, 'at most 300 seconds'],
  ])('%s is refused with a sentence', async (_what, input, message) => {
    const { failure } = await request(input);
    expect(failure).toMatchObject({
      category: 'USER_INPUT',
      retryable: false,
      message: expect.stringContaining(message),
    });
  });
});

describe('redirects', () => {
  test('are followed, without the authorization when the host changes', async () => {
    const target = await serve((incoming, response) => sendJson(response, incoming.headers.authorization ?? 'none'));
    const url = await serve((_request, response) => response.writeHead(302, { location: `${target}/there` }).end());
    const { output } = await request({ url, headers: { authorization: 'Bearer t' } });
    expect(output).toMatchObject({ status: 200, body: 'none', url: `${target}/there` });
  });

  test('are the answer when they are not to be followed', async () => {
    const url = await serve((_request, response) => response.writeHead(301, { location: '/there' }).end());
    const { output } = await request({ url, followRedirects: false });
    expect(output).toMatchObject({ status: 301, headers: { location: '/there' } });
  });

  test.each(['file:///etc/passwd', 'ftp://127.0.0.1/x'])('to %s are refused', async (location) => {
    const url = await serve((_request, response) => response.writeHead(302, { location }).end());
    expect((await request({ url })).failure?.category).toBe('USER_INPUT');
  });

  test('that go round in circles end', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: '/' }).end());
    expect((await request({ url })).failure).toMatchObject({ message: expect.stringContaining('redirect count') });
  });
});

describe('failures', () => {
  test.each([
    [401, 'AUTH'],
    [403, 'AUTH'],
    [404, 'USER_INPUT'],
    [422, 'USER_INPUT'],
    [429, 'RATE_LIMIT'],
    [500, 'NETWORK'],
    [503, 'NETWORK'],
  ])('status %i is %s and quotes the answer', async (status, category) => {
    const url = await serve((_request, response) => sendJson(response, { error: 'because' }, status));
    const { failure } = await request({ url: `${url}/x?token=abc` });
    expect(failure).toMatchObject({ category, message: expect.stringContaining(`answered ${status}`) });
    expect(failure?.message).toContain('{"error":"because"}');
    expect(failure?.message).not.toContain('abc');
  });

  test('a server that says when to come again is not asked sooner', async () => {
    const url = await serve((_request, response) => {
      response.setHeader('Retry-After', '7');
      sendJson(response, {}, 429);
    });
    expect((await request({ url })).failure).toMatchObject({ category: 'RATE_LIMIT', retryAfterMs: 7_000 });
  });

  test('an expected status is no failure, and any other one is', async () => {
    const url = await serve((_request, response) => sendJson(response, {}, 404));
    expect((await request({ url, expectStatus: 404 })).output?.status).toBe(404);
    expect((await request({ url, expectStatus: [200, 404] })).output?.status).toBe(404);
    const fine = await serve((_request, response) => sendJson(response, {}));
    expect((await request({ url: fine, expectStatus: 201 })).failure?.category).toBe('USER_INPUT');
  });

  test('a refused connection is NETWORK and says so', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const { failure } = await request({ url: `http://127.0.0.1:${port}/` });
    expect(failure).toMatchObject({ category: 'NETWORK', message: expect.stringContaining('ECONNREFUSED') });
  });

  test('a port that is closed to HTTP for everybody is the fault of the request', async () => {
    const { failure } = await request({ url: 'http://127.0.0.1:22/' });
    expect(failure).toMatchObject({ category: 'USER_INPUT', message: expect.stringContaining('bad port') });
  });

  test('a connection that breaks off in the middle is NETWORK', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect((await request({ url })).failure?.category).toBe('NETWORK');
  });

  test.each([
    ['begins', () => undefined],
    ['goes on', (response: ServerResponse) => response.write('x')],
  ])('an answer that never %s is TIMEOUT', async (_what, act) => {
    const url = await serve((_request, response) => {
      act(response);
    });
    const { failure } = await request({ url, timeout: 0.1 });
    expect(failure).toMatchObject({ category: 'TIMEOUT', message: expect.stringContaining('within 100 ms') });
  });

  test('a body above maxBytes is refused before it is all read, compressed ones included', async () => {
    const endless = await serve((_request, response) => {
      Readable.from(endlessText()).pipe(response);
    });
    expect((await request({ url: endless })).failure?.message).toContain('larger than 5242880 bytes');
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const url = await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    const { failure } = await request({ url, maxBytes: 1_000_000 });
    expect(failure).toMatchObject({ category: 'USER_INPUT', message: expect.stringContaining('raise maxBytes') });
  });

  test('a cancel ends the request at once and closes the socket', async () => {
    const cancel = new AbortController();
    const closed = Promise.withResolvers<void>();
    const url = await serve((incoming, response) => {
      response.write('x');
      void once(incoming.socket, 'close').then(() => closed.resolve());
      cancel.abort('cancelled');
    });
    const { failure } = await request({ url }, cancel.signal);
    expect(failure?.category).toBe('CANCELLED');
    await closed.promise;
  });
});
