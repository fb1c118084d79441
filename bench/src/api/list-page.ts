/** A page of 50 jobs with five steps each among very many, the first and one from the middle: the API beside its floor. */
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { cpuOfTree } from '../measure/process-cpu.ts';
import { percentile } from '../measure/spread.ts';
import { startApi } from './api-process.ts';
import { openProgram } from './served.ts';

export const PAGE_CONTENDERS = ['signalbox', 'floor'] as const;
export type PageContender = (typeof PAGE_CONTENDERS)[number];

export interface PageRun {
  contender: PageContender;
  deep: boolean;
  perSecond: number;
  p50: number;
  p99: number;
  /** Milliseconds of the server for a request. */
  cpu: number | undefined;
}

const CONNECTIONS = 10;
const WARM_UP_SECONDS = 2;
const QUERY = `query ($after: String) {
  jobs(first: 50, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node {
      id status priority subject createdAt startedAt completedAt workflow { slug name }
      steps { key name status startedAt completedAt }
    } }
  }
}`;

interface Page {
  data: { jobs: { pageInfo: { endCursor: string }; edges: { node: { id: string; steps: unknown[] } }[] } };
}

interface PageServer {
  contender: PageContender;
  pid: number;
  ask(after: string | null): Promise<string>;
  stop(): Promise<void>;
}

async function openServer(contender: PageContender, databaseUrl: string, profileFolder?: string): Promise<PageServer> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const asking = (port: number) => async (after: string | null) => {
    const body = JSON.stringify({ query: QUERY, variables: { after } });
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    return new Promise<string>((resolve, reject) => {
      request({ agent, port, host: '127.0.0.1', path: '/graphql', method: 'POST', headers }, (response) =>
        text(response).then(resolve, reject),
      )
        .on('error', reject)
        .end(body);
    });
  };
  if (contender === 'signalbox') {
    const api = await startApi(databaseUrl, profileFolder);
    return { contender, pid: api.pid, ask: asking(api.port), stop: () => api.stop() };
  }
  const program = openProgram<{ databaseUrl: string }, number>('floor-page-server.ts');
  return { contender, pid: program.pid, ask: asking(await program.ask({ databaseUrl })), stop: () => program.stop() };
}

/** Asks again and again over all connections; gives how long each answer took. */
async function load({ ask }: PageServer, after: string | null, seconds: number): Promise<number[]> {
  const end = performance.now() + seconds * 1_000;
  const times: number[] = [];
  const askOn = async () => {
    while (performance.now() < end) {
      const began = performance.now();
      await ask(after);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, askOn));
  return times;
}

/** The cursor behind so many jobs, and the answer there, which has to be that of everybody. */
async function goTo(server: PageServer, jobs: number): Promise<{ after: string; ids: string[] }> {
  let after: string | null = null;
  for (let passed = 0; passed < jobs; passed += 50) {
    const { data }: Page = JSON.parse(await server.ask(after));
    after = data.jobs.pageInfo.endCursor;
  }
  const { data, ...rest }: Page = JSON.parse(await server.ask(after));
  if (!data) throw new Error(JSON.stringify(rest));
  if (data.jobs.edges.some(({ node }) => node.steps.length !== 5)) throw new Error('a job has not five steps');
  return { after: after ?? '', ids: data.jobs.edges.map(({ node }) => node.id) };
}

/** @param depth behind how many jobs the deep page begins */
export async function measureListPage(
  databaseUrl: string,
  { depth, profileFolder, rounds, seconds }: { depth: number; rounds: number; seconds: number; profileFolder?: string },
): Promise<PageRun[]> {
  const servers = await Promise.all(
    PAGE_CONTENDERS.map((contender) => openServer(contender, databaseUrl, profileFolder)),
  );
  try {
    const places = [];
    for (const server of servers) places.push(await goTo(server, depth));
    if (JSON.stringify(places[0]?.ids) !== JSON.stringify(places[1]?.ids)) throw new Error('the deep pages differ');
    for (const server of servers) await load(server, null, WARM_UP_SECONDS);
    const found: PageRun[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const deep of [false, true]) {
        for (const [index, server] of servers.entries()) {
          const before = await cpuOfTree(server.pid);
          const times = await load(server, deep ? (places[index]?.after ?? null) : null, seconds);
          const after = await cpuOfTree(server.pid);
          found.push({
            contender: server.contender,
            deep,
            perSecond: times.length / seconds,
            p50: percentile(times, 0.5),
            p99: percentile(times, 0.99),
            cpu: before === undefined || after === undefined ? undefined : (after - before) / times.length,
          });
        }
      }
    }
    return found;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
