import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type ApiFixture, createApiFixture } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture({
    allowedHosts: ['signalbox.test', 'other.test:8080'],
    allowedOrigins: ['https://app.example'],
  });
});
afterAll(() => api.close());

const JSON_HEADERS = { 'Content-Type': 'application/json' };
const QUERY = JSON.stringify({ query: '{ jobCounts { status } }' });

/** With any headers, also those that fetch keeps to itself. */
async function send(headers: Record<string, string>, { method = 'POST', path = '/graphql', body = QUERY } = {}) {
  const sent = request(new URL(path, api.url), { method, headers });
  sent.end(method === 'POST' ? body : undefined);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, text, headers: response.headers };
}

/** What the server answers to a WebSocket handshake: 101, or the status it is refused with. */
function handshake(headers: Record<string, string>, path = '/graphql'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws', { headers });
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode);
    });
    socket.on('error', reject);
  });
}

describe('the guard', () => {
  const port = () => new URL(api.url).port;
  const cases: [string, () => Record<string, string>, boolean][] = [
    ['no Origin, as programs have it', () => ({}), true],
    ['its own Origin', () => ({ Origin: api.url }), true],
    ['its own Origin by another loopback name', () => ({ Origin: `http://localhost:${port()}` }), true],
    ['an Origin that was allowed', () => ({ Origin: 'https://app.example' }), true],
    ['a host that was allowed', () => ({ Host: 'signalbox.test' }), true],
    ['a host that was allowed, with a port', () => ({ Host: 'signalbox.test:1234' }), true],
    ['a host and port that were allowed', () => ({ Host: 'other.test:8080' }), true],
    ['localhost', () => ({ Host: `localhost:${port()}` }), true],
    ['IPv6 loopback', () => ({ Host: `[::1]:${port()}` }), true],
    ['a foreign host, as DNS rebinding makes it', () => ({ Host: 'evil.example' }), false],
    ['a host with another port than allowed', () => ({ Host: 'other.test:9' }), false],
    ['a host that only begins like loopback', () => ({ Host: 'localhost.evil.example' }), false],
    ['a host that only begins like loopback in numbers', () => ({ Host: '127.0.0.1.evil.example' }), false],
    ['a host with a user in it', () => ({ Host: 'localhost@evil.example' }), false],
    ['a foreign Origin', () => ({ Origin: 'https://evil.example' }), false],
    ['another service on this machine', () => ({ Origin: 'http://localhost:3' }), false],
    ['Origin null, as sandboxed pages and files have it', () => ({ Origin: 'null' }), false],
    ['an Origin that cannot be read', () => ({ Origin: 'nonsense' }), false],
    ['an allowed Origin with more behind it', () => ({ Origin: 'https://app.example.evil.example' }), false],
    [
      'a foreign page without an Origin',
      () => ({ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }),
      false,
    ],
  ];

  test.each(cases)('over HTTP, with %s', async (_what, headers, passes) => {
    const answer = await send({ ...JSON_HEADERS, ...headers() });
    expect(answer.status).toBe(passes ? 200 : 403);
    expect(answer.text).toMatch(passes ? /^{"data":/ : /^[^\n]{20,200}\n$/);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  test.each(cases)('over WebSocket, with %s', async (_what, headers, passes) => {
    expect(await handshake(headers())).toBe(passes ? 101 : 403);
  });

  test('stands before every path', async () => {
    for (const path of ['/', '/healthz', '/artifacts/x', '/nothing', '/graphql']) {
      expect((await send({ Host: 'evil.example' }, { method: 'GET', path })).status).toBe(403);
    }
  });

  test('lets a link from another site open a page', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', Accept: 'text/html' };
    expect((await send(headers, { method: 'GET' })).status).toBe(200);
  });

  test('refuses a WebSocket at any other path', async () => {
    expect(await handshake({}, '/elsewhere')).toBe(404);
  });

  test('refuses a request without a Host', async () => {
    const socket = connect(Number(port()), '127.0.0.1');
    socket.end('GET /healthz HTTP/1.0\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe('what a request may be', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/jsonp',
    '',
  ])('the content type %j is refused with 415', async (type) => {
    const answer = await send(type ? { 'Content-Type': type } : {});
    expect(answer.status).toBe(415);
    expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] });
  });

  test.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])(
    'the method %s is refused with 405 and no word of CORS',
    async (method) => {
      const answer = await send({ ...JSON_HEADERS, Origin: api.url }, { method });
      expect(answer.status).toBe(405);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    },
  );

  test('a mutation by GET is refused', async () => {
    const answer = await send(
      {},
      { method: 'GET', path: `/graphql?query=${encodeURIComponent('mutation { deleteJob(id: "x") { __typename } }')}` },
    );
    expect(answer.status).toBe(405);
  });

  test.each(['variables={', 'extensions=x'])(
    'a query by GET with %s is refused and said to be no JSON',
    async (given) => {
      const answer = await send({}, { method: 'GET', path: `/graphql?query={__typename}&${given}` });
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.text)).toMatchObject({
        errors: [{ message: expect.stringContaining('in JSON'), extensions: { code: 'BAD_REQUEST' } }],
      });
    },
  );

  test('a batch of operations is refused', async () => {
    const answer = await send(JSON_HEADERS, { body: `[${QUERY},${QUERY}]` });
    expect(answer.status).toBe(400);
  });

  test('a body of more than 1 MiB is refused with 413, told in advance or not', async () => {
    const body = JSON.stringify({ query: '{ jobCounts { status } }', variables: { x: 'x'.repeat(1024 * 1024) } });
    expect((await send({ ...JSON_HEADERS, 'Content-Length': String(body.length) }, { body })).status).toBe(413);
    expect((await send({ ...JSON_HEADERS, 'Transfer-Encoding': 'chunked' }, { body })).status).toBe(413);
  });

  test('a message of more than 1 MiB closes the WebSocket', async () => {
    const socket = new WebSocket(api.wsUrl, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { x: 'x'.repeat(1024 * 1024) } }));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
  });

  test('JSON that cannot be read is told so, without what the parser thinks', async () => {
    const answer = await send(JSON_HEADERS, { body: '{' });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({
      errors: [{ message: 'POST body sent invalid JSON.', extensions: { code: 'BAD_REQUEST' } }],
    });
  });
});

const nested = (depth: number) =>
  `{ jobs { edges { node { ${'rerunOf { '.repeat(depth)} id ${'} '.repeat(depth)} } } } }`;
const TOO_MUCH: [string, string, string][] = [
  ['too deep', nested(20), 'QUERY_TOO_EXPENSIVE'],
  [
    'too deep through fragments',
    `query { jobs { edges { node { ...a } } } } ${'abcdefghijklmnop'
      .split('')
      .map((name, at, all) => `fragment ${name} on Job { rerunOf { ${all[at + 1] ? `...${all[at + 1]}` : 'id'} } }`)
      .join(' ')}`,
    'QUERY_TOO_EXPENSIVE',
  ],
  [
    'too expensive by nested pages',
    '{ jobs(first: 100) { edges { node { stepsConnection(first: 100) { edges { node { id key name } } } } } } }',
    'QUERY_TOO_EXPENSIVE',
  ],
  [
    'too expensive below a page of none',
    '{ schedules { jobs(first: 0) { reruns { reruns { steps { logs(first: 1000) { edges { node { message } } } } } } } } }',
    'QUERY_TOO_EXPENSIVE',
  ],
  [
    'too expensive by a variable',
    'query ($n: Int = 100) { jobs(first: $n) { edges { node { logs(first: $n) { edges { node { seq message } } } } } } }',
    'QUERY_TOO_EXPENSIVE',
  ],
  [
    'too many aliases',
    `{ ${Array.from({ length: 60 }, (_, index) => `a${index}: __typename`).join(' ')} }`,
    'QUERY_TOO_LARGE',
  ],
  ['too many directives', `{ __typename ${'@skip(if: false) '.repeat(60)} }`, 'QUERY_TOO_LARGE'],
  ['too many fields', `{ ${'__typename '.repeat(1_500)} }`, 'QUERY_TOO_LARGE'],
  ['too many tokens', `{ ${'a '.repeat(9_000)} }`, 'GRAPHQL_PARSE_FAILED'],
  ['too long', `{ __typename } # ${'x'.repeat(70_000)}`, 'QUERY_TOO_LARGE'],
  [
    'fragments in a circle',
    'query { jobs { edges { node { ...a } } } } fragment a on Job { rerunOf { ...b } } fragment b on Job { rerunOf { ...a } }',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'nested introspection',
    '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
    'GRAPHQL_VALIDATION_FAILED',
  ],
];

describe('an operation that asks for too much', () => {
  test.each(TOO_MUCH)('%s is refused before it runs', async (_what, query, code) => {
    const { data, errors } = await api.query(query);
    expect(data ?? null).toBeNull();
    expect(errors?.map(({ extensions }) => extensions.code)).toContain(code);
  });

  test.each(TOO_MUCH)('%s is refused over WebSocket too', async (_what, query, code) => {
    const subscriber = new Subscriber(api.wsUrl, query, {});
    const refused = await subscriber.refusal().catch((errors: { extensions?: { code?: string } }[]) => errors[0]);
    expect(refused?.extensions?.code).toBe(code);
    await subscriber.close();
  });

  test('as a subscription is refused when it is made', async () => {
    const subscriber = new Subscriber(
      api.wsUrl,
      'subscription { jobUpdated { job { stepsConnection(first: 200) { edges { node { logs(first: 1000) { edges { node { seq } } } } } } } } }',
      {},
    );
    expect((await subscriber.refusal())?.extensions?.code).toBe('QUERY_TOO_EXPENSIVE');
    await subscriber.close();
  });

  test('as a value of a variable is told of in bounds, and soon', async () => {
    const { errors } = await api.query(
      'query ($labels: [String!]) { jobs(filter: { labels: $labels }) { totalCount } }',
      {
        labels: Array.from({ length: 100_000 }, () => 1),
      },
    );
    expect(errors?.length).toBeLessThan(30);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('the largest useful lists and the whole introspection are within the limits', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    for (const query of [
      getIntrospectionQuery(),
      '{ jobs(first: 100) { totalCount edges { cursor node { id status priority subject labels createdAt startedAt completedAt durationMs allowedActions workflow { slug name } progress { completedSteps totalSteps percent currentStep { key name } } error { message category step { key } } cost { microUsd } steps { key status } } } } }',
      '{ jobs(first: 1) { edges { node { logs(last: 1000) { totalCount edges { cursor node { cursor seq at level stream message stepKey attempt } } } } } } }',
    ]) {
      expect((await api.query(query)).errors).toBeUndefined();
    }
  });
});

describe('errors', () => {
  test.each<[string, string, string]>([
    ['{ nope }', 'GRAPHQL_VALIDATION_FAILED', 'Cannot query field "nope"'],
    ['{ job { id } }', 'GRAPHQL_VALIDATION_FAILED', 'job(id:)'],
    ['{', 'GRAPHQL_PARSE_FAILED', 'Syntax Error'],
    ['query ($id: ID!) { job(id: $id) { id } }', 'BAD_USER_INPUT', '$id'],
  ])('of the request %s have a code', async (query, code, message) => {
    const { errors } = await api.query(query);
    expect(errors?.[0]).toMatchObject({ message: expect.stringContaining(message), extensions: { code } });
  });

  test('that nobody expected are masked, with the id of the request, and logged once', async () => {
    const { pool } = api.services.db;
    await pool.query('ALTER TABLE worker RENAME COLUMN concurrency TO hidden');
    try {
      const before = api.logged.length;
      const answer = await send(JSON_HEADERS, { body: JSON.stringify({ query: '{ workers { id } }' }) });
      const requestId = String(answer.headers['x-request-id']);
      const { errors } = JSON.parse(answer.text);
      expect(errors).toEqual([
        {
          message: `Unexpected error; request id ${requestId}`,
          locations: expect.anything(),
          path: ['workers'],
          extensions: { code: 'INTERNAL_ERROR' },
        },
      ]);
      const lines = api.logged.slice(before);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({
        level: 50,
        requestId,
        err: { message: expect.stringContaining('concurrency'), stack: expect.stringContaining('workers.ts') },
      });
      expect(answer.text).not.toMatch(/concurrency|\.ts/);

      const subscriber = new Subscriber(api.wsUrl, '{ workers { id } }', {});
      expect(await subscriber.refusal()).toMatchObject({
        message: expect.stringMatching(/^Unexpected error; request id [0-9a-f-]{36}$/),
        extensions: { code: 'INTERNAL_ERROR' },
      });
      await subscriber.close();
    } finally {
      await pool.query('ALTER TABLE worker RENAME COLUMN hidden TO concurrency');
    }
  });

  test('in the middle of a subscription are masked too', async () => {
    const jobId = await api.newJob();
    const subscriber = new Subscriber<{ jobUpdated: object }>(
      api.wsUrl,
      'subscription ($jobId: ID!) { jobUpdated(id: $jobId) { job { status artifacts { id } } } }',
      { jobId },
    );
    await subscriber.next();
    const { pool } = api.services.db;
    await pool.query('ALTER TABLE artifact RENAME TO hidden');
    try {
      await api.worker.claim(jobId);
      expect(await subscriber.refusal()).toMatchObject({
        message: expect.stringMatching(/^Unexpected error; request id/),
        extensions: { code: 'INTERNAL_ERROR' },
      });
    } finally {
      await pool.query('ALTER TABLE hidden RENAME TO artifact');
    }
    await subscriber.close();
  });
});

test('text that PostgreSQL refuses finds nothing and breaks nothing', async () => {
  const id = await api.newJob();
  const strange = 'a\u0000b\ud800';
  const { data, errors } = await api.query(
    `query ($id: ID!, $none: ID!, $s: String!) {
      jobs(filter: { search: $s, subject: $s, labels: [$s], workflow: [$s] }) { totalCount }
      workflow(slug: $s) { id }
      workflows(search: $s) { totalCount }
      job(id: $id) { step(key: $s) { id } logs(filter: { search: $s, stepKey: $s }) { totalCount } }
      node(id: $none) { id }
    }`,
    { id, none: strange, s: strange },
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    jobs: { totalCount: 0 },
    workflow: null,
    workflows: { totalCount: 0 },
    job: { step: null, logs: { totalCount: 0 } },
    node: null,
  });
});

describe('GraphQL over HTTP', () => {
  const audits = serverAudits({ url: () => `${api.url}/graphql` });

  test('passes every audit of the specification', async () => {
    const results = await Promise.all(
      audits.map(async (audit) => ({ name: `${audit.id} ${audit.name}`, result: await audit.fn() })),
    );
    expect(results.length).toBeGreaterThan(50);
    expect(
      results
        .filter(({ result }) => result.status !== 'ok')
        .map(({ name, result }) => [name, 'reason' in result ? result.reason : result.status]),
    ).toEqual([]);
  });
});
