import { link, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { newId } from '@signalbox/db/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../src/http/server.ts';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const get = (target: string, headers: Record<string, string> = {}) =>
  fetch(`${api.url}${target}`, { headers, redirect: 'manual' });

describe('health', () => {
  test('is ok while the process lives, ready while the database answers', async () => {
    for (const target of ['/healthz', '/readyz']) {
      const response = await get(target);
      expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    }
  });
});

describe('GraphiQL', () => {
  const page = () => get('/graphql', { Accept: 'text/html,application/xhtml+xml' });

  test('loads nothing from elsewhere and is held to that by its policy', async () => {
    const response = await page();
    const html = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    const targets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, target]) => target ?? '');
    expect(targets.length).toBeGreaterThanOrEqual(3);
    expect(targets.filter((target) => !target.startsWith('/'))).toEqual([]);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|\*/);
  });

  test('has small files that are packed and cached for ever', async () => {
    const html = await (await page()).text();
    const files = [...html.matchAll(/"(\/graphql\/graphiql\/[^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files).toHaveLength(2);
    for (const file of files) {
      const response = await get(file, { 'Accept-Encoding': 'gzip' });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-encoding')).toBe('gzip');
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect(Number(response.headers.get('content-length'))).toBeLessThan(3_500_000);
    }
    expect((await get('/graphql/graphiql/nothing.js')).status).toBe(404);
  });
});

describe('the web app', () => {
  test('that is not built says how to build it', async () => {
    const response = await get('/jobs');
    expect([response.status, await response.text()]).toEqual([
      404,
      'The web app is not built. `npm start` builds it; the API is at /graphql.\n',
    ]);
  });

  describe('that is built', () => {
    let url: string;
    let close: () => Promise<void>;
    beforeAll(async () => {
      await mkdir(path.join(api.webFolder, 'assets'), { recursive: true });
      await writeFile(
        path.join(api.webFolder, 'index.html'),
        '<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><style nonce="__CSP_NONCE__"></style>',
      );
      await writeFile(path.join(api.webFolder, 'assets', 'index-abc123.js'), 'export {}');
      await writeFile(path.join(api.webFolder, 'assets', 'large-abc123.css'), 'a{}\n'.repeat(10_000));
      await writeFile(path.join(api.webFolder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
      await writeFile(path.join(api.webFolder, '..', 'secret.txt'), 'secret');
      const { services, artifactFolder, webFolder } = api;
      const server = await startServer({
        services,
        host: '127.0.0.1',
        port: 0,
        guard: { allowedHosts: [], allowedOrigins: [] },
        artifactFolder,
        webFolder,
      });
      ({ url, close } = server);
    });
    afterAll(() => close());

    test.each([
      '/',
      '/index.html',
      '/jobs',
      '/jobs/01a202b4-7206-77f7-9122-83343e079a66',
      '/workflows',
      '/workflows/demo',
      '/new-workflow',
      '/schedules',
      '/subjects',
      '/statistics',
      '/compare',
      '/workers',
      '/settings',
    ])('%s is the page, with a nonce of its own', async (target) => {
      const nonces = await Promise.all(
        [1, 2].map(async () => {
          const response = await fetch(`${url}${target}`);
          const html = await response.text();
          const nonce = /content="([^"]+)"/.exec(html)?.[1] ?? '';
          expect(response.status).toBe(200);
          expect(html).not.toContain('__CSP_NONCE__');
          expect(response.headers.get('content-security-policy')).toBe(
            `default-src 'self'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'`,
          );
          return nonce;
        }),
      );
      expect(nonces[0]).not.toBe(nonces[1]);
    });

    test('has files that are cached for ever under assets, and asked for again elsewhere', async () => {
      const asset = await fetch(`${url}/assets/index-abc123.js`);
      expect([asset.status, asset.headers.get('content-type'), asset.headers.get('cache-control')]).toEqual([
        200,
        'text/javascript',
        'public, max-age=31536000, immutable',
      ]);
      const icon = await fetch(`${url}/favicon.svg`);
      expect([icon.status, icon.headers.get('cache-control'), icon.headers.get('x-content-type-options')]).toEqual([
        200,
        'no-cache',
        'nosniff',
      ]);
    });

    test('has files that go on being served while a newer build replaces them, packed for who can unpack', async () => {
      const script = path.join(api.webFolder, 'assets', 'index-abc123.js');
      await rm(script);
      const asset = await fetch(`${url}/assets/index-abc123.js`);
      expect([asset.status, await asset.text()]).toEqual([200, 'export {}']);
      const again = await fetch(`${url}/assets/index-abc123.js`, {
        headers: { 'If-None-Match': asset.headers.get('etag') ?? '' },
      });
      expect(again.status).toBe(304);
      const large = await fetch(`${url}/assets/large-abc123.css`);
      expect([large.headers.get('content-encoding'), (await large.text()).length]).toEqual(['gzip', 40_000]);
    });

    test.each([
      '/nothing',
      '/assets/nothing.js',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/jobsmore',
      '/%00',
      '/%zz',
    ])('%s is nothing', async (target) => {
      const response = await fetch(`${url}${target}`);
      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain('secret\n');
    });

    test('takes no other method than GET', async () => {
      expect((await fetch(`${url}/jobs`, { method: 'POST' })).status).toBe(405);
    });
  });
});

describe('an artifact', () => {
  let jobId: string;
  const keep = async (storageKey: string, name = 'report.html', contentType = 'text/html') => {
    const id = newId();
    await api.services.db.pool.query(
      'INSERT INTO artifact (id, tenant_id, job_id, name, content_type, size_bytes, storage_key) VALUES ($1, $2, $3, $4, $5, 20, $6)',
      [id, TENANT, jobId, name, contentType, storageKey],
    );
    return id;
  };
  beforeAll(async () => {
    jobId = await api.newJob();
    await mkdir(path.join(api.artifactFolder, 'job'), { recursive: true });
    await writeFile(path.join(api.artifactFolder, 'job', 'a'), '<script>alert(1)</script>');
    await writeFile(path.join(api.artifactFolder, 'job', 'empty'), '');
    const outside = path.join(api.artifactFolder, '..', 'outside.txt');
    await writeFile(outside, 'outside');
    await symlink(outside, path.join(api.artifactFolder, 'job', 'symlink'));
    await link(outside, path.join(api.artifactFolder, 'job', 'hardlink'));
    await mkdir(path.join(api.artifactFolder, '..', 'artifacts-next-door'));
    await writeFile(path.join(api.artifactFolder, '..', 'artifacts-next-door', 'a'), 'next door');
  });

  test('is a download, whatever it is', async () => {
    const response = await get(`/artifacts/${await keep('job/a', 'bericht "ü".html')}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<script>alert(1)</script>');
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[^"]*\\"\?\\"\.html"; filename\*=UTF-8''bericht%20%22%C3%BC%22\.html$/,
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    expect(response.headers.get('content-type')).toBe('text/html');
  });

  test('that is a page may be looked at in a frame of the app, where nothing of it runs', async () => {
    const response = await get(`/artifacts/${await keep('job/a')}?view`);
    expect(response.headers.get('content-disposition')).toMatch(/^inline/);
    expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^sandbox; default-src 'none';/);
    expect(policy).not.toMatch(/allow-|script/);
    const other = await get(`/artifacts/${await keep('job/a', 'a.svg', 'image/svg+xml')}?view`);
    expect(other.headers.get('content-disposition')).toMatch(/^attachment/);
  });

  test('with a media type that is none is told as bytes, and an empty one is empty', async () => {
    const strange = await get(`/artifacts/${await keep('job/a', 'a', 'text/html\r\nX-Evil: 1')}`);
    expect([strange.headers.get('content-type'), strange.headers.get('x-evil')]).toEqual([
      'application/octet-stream',
      null,
    ]);
    const empty = await get(`/artifacts/${await keep('job/empty')}`);
    expect([empty.status, await empty.text()]).toEqual([200, '']);
  });

  test.each([
    '../outside.txt',
    'job/../../outside.txt',
    '/etc/passwd',
    'job/symlink',
    'job/hardlink',
    'job',
    'job/missing',
    '../artifacts-next-door/a',
    `job/${'x'.repeat(300)}`,
  ])('whose key is %s is not found', async (key) => {
    const response = await get(`/artifacts/${await keep(key)}`);
    expect(response.status).toBe(404);
    expect(await response.text()).toMatch(/^There is no artifact/);
  });

  test.each(['nonsense', '01a202b4-7206-77f7-9122-83343e079a66', '..', '%2e%2e%2fjob%2fa'])(
    'of the id %s is not found',
    async (id) => {
      expect((await get(`/artifacts/${id}`)).status).toBe(404);
    },
  );
});
