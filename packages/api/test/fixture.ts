import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AuthSettings } from '@signalbox/core/auth-settings';
import type { JsonObject } from '@signalbox/core/json';
import { readSettings } from '@signalbox/core/settings';
import { parseWorkflow } from '@signalbox/core/workflow';
import { type AccessScope, createApiToken, type NewApiToken } from '@signalbox/db/api-tokens';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { createJob, type NewJob } from '@signalbox/db/jobs';
import { findWorkflow, saveWorkflow, type WorkflowVersionRow } from '@signalbox/db/workflows';
import { pino } from 'pino';
import { createTestDatabase } from '../../../prisma/test/database.ts';
import { type RunningServer, startServer } from '../src/http/server.ts';
import type { InboxLimits } from '../src/live/inbox.ts';
import { type OpenServices, openServices } from '../src/services.ts';
import { StandInWorker } from './stand-in-worker.ts';

export const TENANT = DEFAULT_TENANT_ID;

export const DEMO = `slug: demo
name: Demo report
description: Reads a repository and tells about it
input:
  type: object
  required: [repository]
  properties:
    repository: { type: string }
    depth: { type: integer, default: 3, minimum: 1 }
steps:
  - key: history
    name: Read the history
    type: command
    with: { run: git log }
  - key: summary
    type: prompt
    if: \${{ input.depth > 1 }}
    with: { prompt: Summarise }
`;

export interface GraphQLAnswer<Data> {
  status: number;
  data: Data;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; [key: string]: unknown } }[];
}

/** A served API over a database of its own, with one workflow. */
export interface ApiFixture {
  url: string;
  wsUrl: string;
  services: OpenServices;
  worker: StandInWorker;
  workflow: WorkflowVersionRow;
  artifactFolder: string;
  webFolder: string;
  /** What the service logged, one object for each line. */
  logged: { level: number; msg: string; requestId?: string; err?: { message: string; stack: string } }[];
  /** `Data` is what the test reads of the answer. */
  query<Data = unknown>(query: string, variables?: object): Promise<GraphQLAnswer<Data>>;
  /** The same as the bearer of a token. */
  queryAs<Data = unknown>(token: string, query: string, variables?: object): Promise<GraphQLAnswer<Data>>;
  /** The text of a new API token, of the default tenant unless told. */
  newToken(scope: AccessScope, options?: Partial<NewApiToken>): Promise<string>;
  newJob(overrides?: Partial<NewJob>): Promise<string>;
  saveWorkflow(source: string): Promise<WorkflowVersionRow>;
  close(): Promise<void>;
}

export interface FixtureOptions {
  /** Off unless told. */
  auth?: Partial<AuthSettings>;
  limits?: InboxLimits;
  statementLimitMs?: number;
  secretsKeys?: string[];
  /** A built web app; none unless told. */
  webFolder?: string;
  allowedHosts?: string[];
  allowedOrigins?: string[];
  /** Gives the address by which the service reaches the database; the worker and the test reach it directly. */
  through?: (databaseUrl: string) => Promise<string>;
}

export async function createApiFixture({
  auth,
  limits,
  statementLimitMs,
  secretsKeys,
  webFolder: builtWebFolder,
  allowedHosts = [],
  allowedOrigins = [],
  through = async (databaseUrl) => databaseUrl,
}: FixtureOptions = {}): Promise<ApiFixture> {
  const database = await createTestDatabase();
  const folder = await mkdtemp(path.join(tmpdir(), 'signalbox-api-'));
  const [artifactFolder, webFolder] = [path.join(folder, 'artifacts'), builtWebFolder ?? path.join(folder, 'web')];
  const logged: ApiFixture['logged'] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const services = await openServices({
    databaseUrl: await through(database.url),
    leaseSeconds: 30,
    auth: { ...readSettings({}).auth, ...auth },
    secretsKeys,
    log,
    limits,
    statementLimitMs,
  });
  const server: RunningServer = await startServer({
    services,
    host: '127.0.0.1',
    port: 0,
    guard: { allowedHosts, allowedOrigins },
    artifactFolder,
    webFolder,
  });
  const save = async (source: string) => {
    const { definition, issues } = parseWorkflow(source);
    if (!definition) throw new Error(JSON.stringify(issues));
    await saveWorkflow(services.db, TENANT, definition, source);
    const saved = await findWorkflow(services.db, TENANT, definition.slug);
    if (!saved) throw new Error('the workflow was not saved');
    return saved;
  };
  const workflow = await save(DEMO);
  const worker = new StandInWorker(database.url);
  return {
    url: server.url,
    wsUrl: `${server.url.replace('http', 'ws')}/graphql`,
    services,
    worker,
    workflow,
    artifactFolder,
    webFolder,
    logged,
    query: (query, variables) => postQuery(server.url, query, variables),
    queryAs: (token, query, variables) => postQuery(server.url, query, variables, { Authorization: `Bearer ${token}` }),
    newToken: async (scope, options) =>
      (await createApiToken(services.db, { tenantId: TENANT, name: 'test', scope, createdBy: 'test', ...options }))
        .text,
    newJob: async (overrides = {}) =>
      (
        await createJob(services.db, {
          tenantId: TENANT,
          workflow,
          input: { repository: '.', depth: 3 } as JsonObject,
          ...overrides,
        })
      ).id,
    saveWorkflow: save,
    async close() {
      await worker.close();
      await server.close();
      await services.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function postQuery<Data>(
  url: string,
  query: string,
  variables?: object,
  headers: Record<string, string> = {},
): Promise<GraphQLAnswer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Omit<GraphQLAnswer<Data>, 'status'>) };
}
