import { describe, expect, it } from 'vitest';
import { readSettings, SettingsError } from '../src/settings.ts';

function problemsOf(env: Record<string, string>): string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('readSettings', () => {
  it('has a default for everything that needs one', () => {
    expect(readSettings({})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      auth: {
        mode: 'off',
        sessionHours: 12,
        trustedProxies: 0,
        requestsPerMinute: 6_000,
        introspection: true,
        graphiql: true,
        operations: 'any',
      },
      dataDir: '.data',
      workflowsDir: 'workflows',
      plugins: [],
      pluginMemoryMib: 150,
      concurrency: 10,
      criticalSlots: 1,
      workerName: 'worker',
      queues: ['default'],
      leaseSeconds: 30,
      cancelGraceSeconds: 10,
      model: 'offline/echo',
      secrets: {},
      secretsKeys: [],
      artifacts: 'file:.data/artifacts',
      allowedHosts: [],
      allowedOrigins: [],
      httpAllow: [],
      mcpServers: {},
    });
  });

  it('reads every setting', () => {
    const settings = readSettings({
      PORT: '0',
      HOST: '::1',
      SIGNALBOX_AUTH: 'oidc',
      SIGNALBOX_OIDC_ISSUER: 'https://accounts.example',
      SIGNALBOX_OIDC_CLIENT_ID: 'signalbox',
      SIGNALBOX_OIDC_CLIENT_SECRET: 's3cret',
      SIGNALBOX_OIDC_NAME: 'Example',
      SIGNALBOX_OIDC_SCOPE: 'openid groups',
      SIGNALBOX_OIDC_TENANT_CLAIM: 'org',
      SIGNALBOX_OIDC_ROLE_CLAIM: 'roles',
      SIGNALBOX_OIDC_ROLES: 'ops=operate, a=b=admin',
      SIGNALBOX_OIDC_DEFAULT_ROLE: 'read',
      SIGNALBOX_SESSION_HOURS: '8',
      SIGNALBOX_PUBLIC_URL: 'https://signalbox.example/',
      SIGNALBOX_TRUSTED_PROXIES: '1',
      SIGNALBOX_REQUESTS_PER_MINUTE: '100',
      SIGNALBOX_INTROSPECTION: 'off',
      SIGNALBOX_GRAPHIQL: 'off',
      SIGNALBOX_OPERATIONS: 'persisted',
      SIGNALBOX_DATA_DIR: '/srv/signalbox',
      DATABASE_URL: 'postgresql://me:secret@db:5432/signalbox',
      REDIS_URL: 'rediss://cache:6379',
      SIGNALBOX_WORKFLOWS_DIR: 'flows',
      SIGNALBOX_PLUGINS: 'one, ./two ,,one',
      SIGNALBOX_PLUGIN_MEMORY_MB: '200',
      SIGNALBOX_CONCURRENCY: '3',
      SIGNALBOX_CRITICAL_SLOTS: '2',
      HOSTNAME: 'box',
      SIGNALBOX_WORKER_NAME: 'left box',
      SIGNALBOX_QUEUES: 'default,slow-1',
      SIGNALBOX_LEASE_SECONDS: '5',
      SIGNALBOX_CANCEL_GRACE_SECONDS: '0',
      SIGNALBOX_MODEL: 'local/llama3:8b',
      OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:11435/v1',
      OPENAI_API_KEY: 'k1',
      ANTHROPIC_API_KEY: 'k2',
      SIGNALBOX_SECRET_TOKEN: 't',
      SIGNALBOX_SECRET_other: ' spaced ',
      SIGNALBOX_SECRETS_DIR: '/run/secrets',
      SIGNALBOX_SECRETS_KEY: `${'n'.repeat(43)}=,${'o'.repeat(43)}`,
      SIGNALBOX_ARTIFACTS: 's3:bucket',
      SIGNALBOX_CONFIG: 'signalbox.config.yaml',
      SIGNALBOX_ALLOWED_HOSTS: 'signalbox.local:4000',
      SIGNALBOX_ALLOWED_ORIGINS: 'https://signalbox.example,http://localhost:5173',
      SIGNALBOX_HTTP_ALLOW: 'intranet.example, localhost:8080,127.0.0.1,10.0.0.0/8,[::1]:80,fd00::/8',
      SIGNALBOX_SMTP_URL: 'smtps://me:secret@mail.example',
      SIGNALBOX_MCP_SERVERS: '{"a":{"command":"x"}}',
    });
    expect(settings).toEqual({
      port: 0,
      host: '::1',
      auth: {
        mode: 'oidc',
        oidc: {
          issuer: 'https://accounts.example',
          clientId: 'signalbox',
          clientSecret: 's3cret',
          name: 'Example',
          scope: 'openid groups',
          tenantClaim: 'org',
          roleClaim: 'roles',
          roles: new Map([
            ['ops', 'operate'],
            ['a=b', 'admin'],
          ]),
          defaultRole: 'read',
        },
        sessionHours: 8,
        publicUrl: 'https://signalbox.example',
        trustedProxies: 1,
        requestsPerMinute: 100,
        introspection: false,
        graphiql: false,
        operations: 'persisted',
      },
      dataDir: '/srv/signalbox',
      databaseUrl: 'postgresql://me:secret@db:5432/signalbox',
      redisUrl: 'rediss://cache:6379',
      workflowsDir: 'flows',
      plugins: ['one', './two'],
      pluginMemoryMib: 200,
      concurrency: 3,
      criticalSlots: 2,
      workerName: 'left box',
      queues: ['default', 'slow-1'],
      leaseSeconds: 5,
      cancelGraceSeconds: 0,
      model: 'local/llama3:8b',
      openaiBaseUrl: 'http://127.0.0.1:11434/v1',
      anthropicBaseUrl: 'http://127.0.0.1:11435/v1',
      openaiApiKey: 'k1',
      anthropicApiKey: 'k2',
      secrets: { TOKEN: 't', other: ' spaced ' },
      secretsDir: '/run/secrets',
      secretsKeys: [`${'n'.repeat(43)}=`, 'o'.repeat(43)],
      artifacts: 's3:bucket',
      configPath: 'signalbox.config.yaml',
      allowedHosts: ['signalbox.local:4000'],
      allowedOrigins: ['https://signalbox.example', 'http://localhost:5173'],
      httpAllow: ['intranet.example', 'localhost:8080', '127.0.0.1', '10.0.0.0/8', '[::1]:80', 'fd00::/8'],
      smtpUrl: 'smtps://me:secret@mail.example',
      mcpServers: { a: { transport: 'stdio', command: 'x', args: [], env: {}, timeoutMs: 300_000 } },
    });
  });

  it('names the worker after the machine unless told', () => {
    expect(readSettings({ HOSTNAME: 'box' }).workerName).toBe('box');
  });

  it('keeps artifacts below the data folder unless told', () => {
    expect(readSettings({ SIGNALBOX_DATA_DIR: '/d' }).artifacts).toBe('file:/d/artifacts');
  });

  it('treats an empty variable as absent', () => {
    expect(readSettings({ PORT: '', REDIS_URL: ' ', SIGNALBOX_QUEUES: '' })).toEqual(readSettings({}));
  });

  it.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('listens on the loopback address %s', (host) => {
    expect(readSettings({ HOST: host }).host).toBe(host);
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', '128.0.0.1'])('listens on %s only with authentication', (host) => {
    expect(problemsOf({ HOST: host })).toEqual([
      `HOST: must be a loopback address (127.0.0.1, ::1 or localhost) while authentication is off, but is "${host}". Set SIGNALBOX_AUTH to token or oidc to serve other addresses (docs/authentication.md)`,
    ]);
    expect(readSettings({ HOST: host, SIGNALBOX_AUTH: 'token' }).host).toBe(host);
  });

  it.each(['127.0.0.1.example.com', '127.0.0.999', 'example.com'])(
    'refuses to listen on %s, which is no address',
    (host) => {
      expect(problemsOf({ HOST: host })).toEqual([
        `HOST: must be an address of this machine, or localhost, but is "${host}"`,
      ]);
    },
  );

  it.each([
    ['PORT', '65536', 'PORT: must be a whole number from 0 to 65535, but is "65536"'],
    ['PORT', '4000.5', 'PORT: must be a whole number from 0 to 65535, but is "4000.5"'],
    ['PORT', '0x10', 'PORT: must be a whole number from 0 to 65535, but is "0x10"'],
    ['SIGNALBOX_CONCURRENCY', '0', 'SIGNALBOX_CONCURRENCY: must be a whole number from 1 to 1000, but is "0"'],
    ['SIGNALBOX_LEASE_SECONDS', '-1', 'SIGNALBOX_LEASE_SECONDS: must be a whole number from 1 to 3600, but is "-1"'],
    ['SIGNALBOX_MODEL', 'echo', 'SIGNALBOX_MODEL: must be provider/name, such as offline/echo, but is "echo"'],
    ['SIGNALBOX_ARTIFACTS', 'ftp:x', 'SIGNALBOX_ARTIFACTS: must be file:PATH or s3:BUCKET, but is "ftp:x"'],
    ['SIGNALBOX_QUEUES', ',', 'SIGNALBOX_QUEUES: must name at least one queue, but is ","'],
    [
      'SIGNALBOX_ALLOWED_ORIGINS',
      '*',
      'SIGNALBOX_ALLOWED_ORIGINS: must be a comma-separated list of origins such as https://signalbox.example, but is "*"',
    ],
  ])('refuses %s=%s in one clear line', (name, value, problem) => {
    expect(problemsOf({ [name]: value })).toEqual([problem]);
  });

  it.each(['http://intranet', '*', '*.example', '10.0.0.0/33', 'a:0', '1.2.3', '10.0.0.0/8:80', 'a/b'])(
    'refuses %s as a target of requests',
    (target) => {
      expect(problemsOf({ SIGNALBOX_HTTP_ALLOW: target })[0]).toMatch(
        /^SIGNALBOX_HTTP_ALLOW: must be a comma-separated/,
      );
    },
  );

  it.each([
    [{ SIGNALBOX_AUTH: 'yes' }, ['SIGNALBOX_AUTH: must be off, token or oidc, but is "yes"']],
    [
      { SIGNALBOX_OIDC_ISSUER: 'https://accounts.example' },
      [
        'SIGNALBOX_OIDC_CLIENT_ID: is needed with SIGNALBOX_AUTH=oidc',
        'SIGNALBOX_OIDC_ROLES: nobody could sign in without it or SIGNALBOX_OIDC_DEFAULT_ROLE. Set it to the groups that may read, operate and administrate, such as everybody=read,platform=admin',
      ],
    ],
    [
      { SIGNALBOX_AUTH: 'token', SIGNALBOX_OIDC_ISSUER: 'https://accounts.example' },
      [
        'SIGNALBOX_OIDC_ISSUER: has no meaning with SIGNALBOX_AUTH=token. Set SIGNALBOX_AUTH to oidc, or leave the issuer out',
      ],
    ],
    [
      { SIGNALBOX_OIDC_ROLES: 'ops=root' },
      [
        'SIGNALBOX_OIDC_ROLES: must be a comma-separated list such as ops=operate,platform=admin, with read, operate or admin behind each =, but is "ops=root"',
      ],
    ],
    [
      { SIGNALBOX_PUBLIC_URL: 'https://signalbox.example/app' },
      ['SIGNALBOX_PUBLIC_URL: must be an address without a path, such as https://signalbox.example'],
    ],
  ])('refuses settings of authentication that cannot work: %j', (env, problems) => {
    expect(problemsOf(env)).toEqual(problems);
  });

  it('does not repeat a URL that may hold a password', () => {
    const [problem] = problemsOf({ DATABASE_URL: 'mysql://me:hunter2@db/x' });
    expect(problem).toBe('DATABASE_URL: must be a URL such as postgres://user@host/database');
  });

  it('does not repeat a key that is none', () => {
    const [problem] = problemsOf({ SIGNALBOX_SECRETS_KEY: 'hunter2' });
    expect(problem).toBe(
      'SIGNALBOX_SECRETS_KEY: must be a comma-separated list of keys, each of them 32 bytes in Base64, such as `openssl rand -base64 32` makes',
    );
  });

  it('finds the setting that a misspelt name means', () => {
    expect(problemsOf({ SIGNALBOX_CONCURENCY: '3' })).toEqual([
      'SIGNALBOX_CONCURENCY: there is no such setting. Did you mean "SIGNALBOX_CONCURRENCY"?',
    ]);
  });

  it('tells of every problem at once, one line each', () => {
    expect(problemsOf({ PORT: 'x', REDIS_URL: 'y', SIGNALBOX_ZZZ: '1', SIGNALBOX_SECRET_9: 'v' })).toHaveLength(4);
  });

  it('does not mind the variables that a command step finds in its environment', () => {
    expect(problemsOf({ SIGNALBOX_JOB_ID: '1', SIGNALBOX_OUTPUT: '/tmp/x', PATH: '/bin' })).toEqual([]);
  });

  it('keeps a secret of any lawful name without touching prototypes', () => {
    const { secrets } = readSettings({ SIGNALBOX_SECRET___proto__: 'x' });
    expect(Object.getPrototypeOf(secrets)).toBe(Object.prototype);
    expect(Object.entries(secrets)).toEqual([['__proto__', 'x']]);
  });
});
