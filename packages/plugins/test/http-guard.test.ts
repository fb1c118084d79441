import type { LookupFunction } from 'node:net';
import { runStep } from '@signalbox/plugin-sdk/testing';
import { fetch } from 'undici';
import { describe, expect, test } from 'vitest';
import { BlockedTarget, guardedAgent } from '../src/http-guard.ts';
import { tool } from '../src/tool.ts';
import { sendJson, serve } from './loopback-server.ts';

/** A DNS that knows these names; the last address of a name is what it answers from then on. */
function fakeDns(names: Record<string, string[][]>): LookupFunction {
  return (hostname, options, callback) => {
    const answers = names[hostname];
    const found = (answers && answers.length > 1 ? answers.shift() : answers?.[0]) ?? [];
    const addresses = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    const [first] = addresses;
    if (!first) callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }), '');
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  };
}

/** What a request ends with: the status, or the error that stopped it. */
async function reach(url: string, allow?: string, lookup?: LookupFunction): Promise<unknown> {
  const dispatcher = await guardedAgent(allow, lookup);
  try {
    return (await fetch(url, { dispatcher })).status;
  } catch (error) {
    return error instanceof Error ? error.cause : error;
  } finally {
    await dispatcher.destroy();
  }
}

async function loopback(): Promise<{ url: string; port: string; requests: () => number }> {
  let requests = 0;
  const url = await serve((_request, response) => {
    requests += 1;
    sendJson(response, {});
  });
  return { url, port: new URL(url).port, requests: () => requests };
}

describe('an address that is not public is not connected to', () => {
  test.each([
    'localhost',
    '127.0.0.1',
    '127.1.2.3',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
  ])('%s, a form of this machine', async (host) => {
    const { port, requests } = await loopback();
    expect(await reach(`http://${host}:${port}/`)).toBeInstanceOf(BlockedTarget);
    expect(requests()).toBe(0);
  });

  test.each([
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '[fec0::1]',
    '224.0.0.1',
    '255.255.255.255',
  ])('%s, of a private network or of the cloud', async (host) => {
    expect(await reach(`http://${host}/latest/meta-data/`)).toBeInstanceOf(BlockedTarget);
    expect(await reach(`https://${host}/`)).toBeInstanceOf(BlockedTarget);
  });

  test('whatever its name is, also when it has a public one beside it or gets it later', async () => {
    const { port, requests } = await loopback();
    const dns = fakeDns({
      'inside.test': [['127.0.0.1']],
      'both.test': [['93.184.216.34', '127.0.0.1']],
      'mapped.test': [['::ffff:127.0.0.1']],
      // Rebinding: a public address for whoever checks first, this machine for whoever connects.
      'rebound.test': [['93.184.216.34'], ['127.0.0.1']],
    });
    for (const name of ['inside.test', 'both.test', 'mapped.test'])
      expect(await reach(`http://${name}:${port}/`, '', dns), name).toBeInstanceOf(BlockedTarget);
    dns('rebound.test', { all: true }, () => undefined);
    expect(await reach(`http://rebound.test:${port}/`, '', dns)).toBeInstanceOf(BlockedTarget);
    expect(requests()).toBe(0);
  });

  test('nor after a redirect from one that is allowed', async () => {
    const inner = await loopback();
    const outer = await serve((_request, response) => response.writeHead(307, { location: inner.url }).end());
    const allow = new URL(outer).host;
    const { failure } = await runStep(tool, {
      config: { tool: 'http.request', input: { url: outer } },
      secrets: { SIGNALBOX_HTTP_ALLOW: allow },
    });
    expect(failure).toMatchObject({
      category: 'USER_INPUT',
      retryable: false,
      message: expect.stringContaining(`put 127.0.0.1:${inner.port} into SIGNALBOX_HTTP_ALLOW`),
    });
    expect(inner.requests()).toBe(0);
  });

  test('nor by any other tool that sends requests', async () => {
    const { requests, url } = await loopback();
    const { failure } = await runStep(tool, {
      config: { tool: 'webhook.send', input: { url, secret: 'KEY', payload: 1 } },
      secrets: { KEY: 'k' },
    });
    expect(failure?.message).toContain('not a public address');
    expect(requests()).toBe(0);
  });
});

describe('what is allowed', () => {
  const names = { 'intranet.test': [['127.0.0.1']], 'other.test': [['127.0.0.1']] };

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1:PORT'],
    ['127.0.0.1', '10.0.0.0/8, 127.0.0.0/8'],
    ['[::ffff:127.0.0.1]', '127.0.0.1'],
    ['intranet.test', 'intranet.test'],
    ['intranet.test', 'Intranet.TEST:PORT'],
    ['intranet.test.', 'intranet.test'],
    ['intranet.test', '127.0.0.0/8'],
  ])('%s by %s', async (host, allow) => {
    const { port } = await loopback();
    const dns = fakeDns({ ...names, 'intranet.test.': [['127.0.0.1']] });
    expect(await reach(`http://${host}:${port}/`, allow.replace('PORT', port), dns)).toBe(200);
  });

  test.each([
    ['other.test', 'intranet.test'],
    ['127.0.0.1', 'intranet.test'],
    ['intranet.test', 'intranet.test:1'],
    ['127.0.0.1', '127.0.0.1:1'],
    ['127.0.0.1', '127.0.0.2'],
    ['127.0.0.1', '10.0.0.0/8'],
  ])('but not %s by %s', async (host, allow) => {
    const { port } = await loopback();
    expect(await reach(`http://${host}:${port}/`, allow, fakeDns(names))).toBeInstanceOf(BlockedTarget);
  });
});
