/** The settings of the product, read from the names and values of an environment. */
import { z } from 'zod';
import { type AuthSettings, authEntries, readAuthSettings } from './auth-settings.ts';
import { type McpServers, McpServersError, readMcpServers } from './mcp-servers.ts';
import { didYouMean, QUEUE_PATTERN, SECRET_NAME_PATTERN } from './names.ts';

export interface Settings {
  /** Of the API; 0 takes any free port. */
  port: number;
  /** A loopback address, unless authentication is on. */
  host: string;
  auth: AuthSettings;
  dataDir: string;
  /** Absent when the embedded database is used. */
  databaseUrl?: string;
  redisUrl?: string;
  /** Its workflows are loaded at the start. */
  workflowsDir: string;
  /** Names of packages, or paths. */
  plugins: string[];
  /** What a step of a plugin may take, in MiB, on top of what its loaded plugin does. */
  pluginMemoryMib: number;
  /** Jobs that one executor runs at the same time. */
  concurrency: number;
  /** Places on top of these that only CRITICAL jobs may take. */
  criticalSlots: number;
  workerName: string;
  /** Queues that an executor takes jobs from. */
  queues: string[];
  /** How long a worker may be silent before its jobs are taken over. */
  leaseSeconds: number;
  /** Between asking a process to end and ending it. */
  cancelGraceSeconds: number;
  /** Of prompts that name none, as provider/name. */
  model: string;
  openaiBaseUrl?: string;
  openaiApiKey?: string;
  anthropicApiKey?: string;
  anthropicBaseUrl?: string;
  /** By the name that expressions use: SIGNALBOX_SECRET_TOKEN is secrets.TOKEN. */
  secrets: Record<string, string>;
  /** A folder with more of them: one file for each, its name the name. */
  secretsDir?: string;
  /** 32 bytes in Base64 each. The first locks the secrets in the database, every one opens them. */
  secretsKeys: string[];
  /** Where artifacts are kept: file:PATH or s3:BUCKET. */
  artifacts: string;
  /** A YAML file with settings. */
  configPath?: string;
  /** Hosts, besides the loopback ones, that requests may name. */
  allowedHosts: string[];
  /** Origins, besides the product's own, whose pages may call the API. */
  allowedOrigins: string[];
  /** Where tools may send requests to although it is no public address: hosts, addresses and networks. */
  httpAllow: string[];
  /** Where mail is sent: smtp://USER:PASSWORD@HOST:PORT, or smtps:. */
  smtpUrl?: string;
  mcpServers: McpServers;
}

/** One line for each setting that is wrong: its name, what is wrong with it, and what is allowed. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

const SECRET_PREFIX = 'SIGNALBOX_SECRET_';

/** What a command step finds in its environment. A Signalbox that is started by one meets them too. */
const NO_SETTINGS = [
  'SIGNALBOX_JOB_ID',
  'SIGNALBOX_STEP_KEY',
  'SIGNALBOX_ATTEMPT',
  'SIGNALBOX_IDEMPOTENCY_KEY',
  'SIGNALBOX_OUTPUT',
  'SIGNALBOX_EXECUTION_ID',
  'SIGNALBOX_PROGRAM_ID',
  'SIGNALBOX_START_DIR',
  'SIGNALBOX_EXECUTOR',
];

/** @param form what is allowed, as the end of "must be …" */
function text(matches: (value: string) => boolean, form: string) {
  return z.string().refine(matches, { error: `must be ${form}` });
}

function wholeNumber(least: number, most: number) {
  const form = `a whole number from ${least} to ${most}`;
  return text((value) => /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most, form).transform(
    Number,
  );
}

/** Comma-separated; empty entries are left out and doubles are dropped. */
function list(matches: (entry: string) => boolean, form: string) {
  const entries = (value: string): string[] =>
    [...new Set(value.split(',').map((entry) => entry.trim()))].filter(Boolean);
  return z
    .string()
    .transform(entries)
    .refine((found) => found.every(matches), { error: `must be a comma-separated list of ${form}` });
}

function isUrl(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(host);
}

function isAddress(value: string): boolean {
  return z.ipv4().safeParse(value).success || z.ipv6().safeParse(value).success;
}

function isOrigin(value: string): boolean {
  return isUrl(value, ['http:', 'https:']) && new URL(value).origin === value;
}

/** A host name or an address, with a port if wanted, or a network. What it lets through is decided where requests are sent. */
function isHttpTarget(value: string): boolean {
  const [, host = value, port] = /^([^:]+|\[[^\]]+\]):(\d{1,5})$/.exec(value) ?? [];
  if (port !== undefined && (Number(port) === 0 || Number(port) > 65_535)) return false;
  const address = host.startsWith('[') ? host.slice(1, -1) : host;
  const [, network = address, bits] = port === undefined ? (/^(.+)\/(\d{1,3})$/.exec(address) ?? []) : [];
  if (z.ipv4().safeParse(network).success) return bits === undefined || Number(bits) <= 32;
  if (z.ipv6().safeParse(network).success) return bits === undefined || Number(bits) <= 128;
  return bits === undefined && /[a-z]/i.test(host) && z.hostname().safeParse(host).success;
}

const anything = z.string();
const path = text((value) => !value.includes('\0'), 'a path');

const environment = z.object({
  PORT: wholeNumber(0, 65_535).default(4000),
  HOST: text((value) => value === 'localhost' || isAddress(value), 'an address of this machine, or localhost').default(
    '127.0.0.1',
  ),
  ...authEntries,
  SIGNALBOX_DATA_DIR: path.default('.data'),
  DATABASE_URL: text(
    (value) => isUrl(value, ['postgres:', 'postgresql:']),
    'a URL such as postgres://user@host/database',
  ).optional(),
  REDIS_URL: text((value) => isUrl(value, ['redis:', 'rediss:']), 'a URL such as redis://host:6379').optional(),
  SIGNALBOX_WORKFLOWS_DIR: path.default('workflows'),
  SIGNALBOX_PLUGINS: list(() => true, 'packages or paths').default([]),
  SIGNALBOX_PLUGIN_MEMORY_MB: wholeNumber(32, 65_536).default(150),
  SIGNALBOX_CONCURRENCY: wholeNumber(1, 1_000).default(10),
  SIGNALBOX_CRITICAL_SLOTS: wholeNumber(0, 100).default(1),
  HOSTNAME: anything.optional(),
  SIGNALBOX_WORKER_NAME: text((value) => value.length <= 200, 'a name of at most 200 signs').optional(),
  SIGNALBOX_QUEUES: list((entry) => QUEUE_PATTERN.test(entry), 'names of letters, digits, ., _ and -')
    .refine((queues) => queues.length > 0, { error: 'must name at least one queue' })
    .default(['default']),
  SIGNALBOX_LEASE_SECONDS: wholeNumber(1, 3_600).default(30),
  SIGNALBOX_CANCEL_GRACE_SECONDS: wholeNumber(0, 3_600).default(10),
  SIGNALBOX_MODEL: text((value) => /^[\w.-]+\/\S+$/.test(value), 'provider/name, such as offline/echo').default(
    'offline/echo',
  ),
  OPENAI_BASE_URL: text(
    (value) => isUrl(value, ['http:', 'https:']),
    'a URL such as http://127.0.0.1:11434/v1',
  ).optional(),
  OPENAI_API_KEY: anything.optional(),
  ANTHROPIC_API_KEY: anything.optional(),
  ANTHROPIC_BASE_URL: text(
    (value) => isUrl(value, ['http:', 'https:']),
    'a URL such as https://api.anthropic.com/v1',
  ).optional(),
  SIGNALBOX_ARTIFACTS: text((value) => /^(?:file|s3):./.test(value), 'file:PATH or s3:BUCKET').optional(),
  SIGNALBOX_SECRETS_DIR: path.optional(),
  SIGNALBOX_SECRETS_KEY: list(
    (entry) => /^[\w+/-]{43}=?$/.test(entry),
    'keys, each of them 32 bytes in Base64, such as `openssl rand -base64 32` makes',
  ).default([]),
  SIGNALBOX_CONFIG: path.optional(),
  SIGNALBOX_ALLOWED_HOSTS: list((entry) => /^[\w.:[\]-]+$/.test(entry), 'hosts such as signalbox.local:4000').default(
    [],
  ),
  SIGNALBOX_ALLOWED_ORIGINS: list(isOrigin, 'origins such as https://signalbox.example').default([]),
  SIGNALBOX_HTTP_ALLOW: list(
    isHttpTarget,
    'hosts, addresses (both with or without a port) and networks, such as intranet.example, 127.0.0.1:8080, [::1]:8080 or 10.1.0.0/16',
  ).default([]),
  SIGNALBOX_SMTP_URL: text(
    (value) => isUrl(value, ['smtp:', 'smtps:']) && new URL(value).hostname !== '',
    'a URL such as smtp://user:password@mail.example:587, or smtps:',
  ).optional(),
  SIGNALBOX_MCP_SERVERS: z
    .string()
    .transform((value, { addIssue }) => {
      try {
        return readMcpServers(value);
      } catch (error) {
        if (!(error instanceof McpServersError)) throw error;
        addIssue({ code: 'custom', message: error.message });
        return z.NEVER;
      }
    })
    .default({}),
});

/** Settings that may hold a password or a key stay out of messages. */
const MAY_HOLD_SECRETS = /_(?:URL|KEY|SECRET)$|^SIGNALBOX_MCP_SERVERS$/;

/**
 * The settings that an environment asks for; a variable that is empty counts as absent. Names that do not begin with
 * SIGNALBOX_ and mean nothing here are left alone. Throws SettingsError.
 */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const given = Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]?.trim()));
  const read = environment.safeParse(Object.fromEntries(given));
  const problems = [
    ...(read.error?.issues ?? []).map(
      ({ path: [name], message }) => `${String(name)}: ${message}${present(env[String(name)], name)}`,
    ),
    ...given.flatMap(([name]) => unknownName(name) ?? []),
  ];
  if (!read.success || problems.length > 0) throw new SettingsError(problems.join('\n'));
  const values = read.data;
  const auth = readAuthSettings(values);
  if (auth.settings.mode === 'off' && !isLoopback(values.HOST)) {
    const advice = 'Set SIGNALBOX_AUTH to token or oidc to serve other addresses (docs/authentication.md)';
    auth.problems.push(
      `HOST: must be a loopback address (127.0.0.1, ::1 or localhost) while authentication is off, but is "${values.HOST}". ${advice}`,
    );
  }
  if (auth.problems.length > 0) throw new SettingsError(auth.problems.join('\n'));
  return {
    port: values.PORT,
    host: values.HOST,
    auth: auth.settings,
    dataDir: values.SIGNALBOX_DATA_DIR,
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    workflowsDir: values.SIGNALBOX_WORKFLOWS_DIR,
    plugins: values.SIGNALBOX_PLUGINS,
    pluginMemoryMib: values.SIGNALBOX_PLUGIN_MEMORY_MB,
    concurrency: values.SIGNALBOX_CONCURRENCY,
    criticalSlots: values.SIGNALBOX_CRITICAL_SLOTS,
    workerName: values.SIGNALBOX_WORKER_NAME ?? values.HOSTNAME ?? 'worker',
    queues: values.SIGNALBOX_QUEUES,
    leaseSeconds: values.SIGNALBOX_LEASE_SECONDS,
    cancelGraceSeconds: values.SIGNALBOX_CANCEL_GRACE_SECONDS,
    model: values.SIGNALBOX_MODEL,
    openaiBaseUrl: values.OPENAI_BASE_URL,
    openaiApiKey: values.OPENAI_API_KEY,
    anthropicApiKey: values.ANTHROPIC_API_KEY,
    anthropicBaseUrl: values.ANTHROPIC_BASE_URL,
    secrets: secretsIn(given),
    secretsDir: values.SIGNALBOX_SECRETS_DIR,
    secretsKeys: values.SIGNALBOX_SECRETS_KEY,
    artifacts: values.SIGNALBOX_ARTIFACTS ?? `file:${values.SIGNALBOX_DATA_DIR}/artifacts`,
    configPath: values.SIGNALBOX_CONFIG,
    allowedHosts: values.SIGNALBOX_ALLOWED_HOSTS,
    allowedOrigins: values.SIGNALBOX_ALLOWED_ORIGINS,
    httpAllow: values.SIGNALBOX_HTTP_ALLOW,
    smtpUrl: values.SIGNALBOX_SMTP_URL,
    mcpServers: values.SIGNALBOX_MCP_SERVERS,
  };
}

function present(value: string | undefined, name: unknown): string {
  return MAY_HOLD_SECRETS.test(String(name)) || value === undefined ? '' : `, but is "${value}"`;
}

function unknownName(name: string): string | undefined {
  if (!name.startsWith('SIGNALBOX_') || Object.hasOwn(environment.shape, name) || NO_SETTINGS.includes(name))
    return undefined;
  if (name.startsWith(SECRET_PREFIX)) {
    return SECRET_NAME_PATTERN.test(name.slice(SECRET_PREFIX.length))
      ? undefined
      : `${name}: the name of a secret must be letters, digits and _, and not begin with a digit`;
  }
  return `${name}: there is no such setting.${didYouMean(name, Object.keys(environment.shape))}`;
}

function secretsIn(given: readonly (readonly [string, string])[]): Record<string, string> {
  const secrets = given.filter(([name]) => name.startsWith(SECRET_PREFIX));
  return Object.fromEntries(secrets.map(([name, value]) => [name.slice(SECRET_PREFIX.length), value]));
}
