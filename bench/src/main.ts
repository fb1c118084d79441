/**
 * `npm run bench`: measures Signalbox against DBOS, its queue library and plain SQL on one PostgreSQL, and writes bench/results.md.
 * With the argument `quick` it measures less and only prints; with `api` it measures the API only, and writes that part.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { measureApi } from './api/measure-api.ts';
import { type BenchServer, startBenchServer } from './bench-server.ts';
import type { ContenderName } from './contenders/contender-process.ts';
import { profileExecutor } from './executor-profile.ts';
import { measureLatency } from './latency.ts';
import { measureLogIngest } from './log-ingest.ts';
import { describeMachine } from './machine.ts';
import { API_HEADING, apiResults } from './report/api-results.ts';
import type { Measurements } from './report/measurements.ts';
import { results } from './report/results.ts';
import { describeScale, FULL, QUICK, type Scale } from './scale.ts';
import { countStatements, type StatementsPerJob } from './statements.ts';
import { measureScaleOut, measureThroughput } from './throughput.ts';

const RESULTS_FILE = fileURLToPath(new URL('../results.md', import.meta.url));
const ALL: readonly ContenderName[] = ['signalbox', 'dbos', 'raw-sql'];
const SLOW_FLUSH_MICROSECONDS = 2_000;

async function measure(server: BenchServer, scale: Scale): Promise<Measurements> {
  const databases = await makeDatabases(server, ALL, 'bench');
  const queueOnly = await makeDatabases(server, ['gw-1x5'], 'bench');
  const slow = await makeDatabases(server, ALL, 'slow');
  for (const url of slow.values()) await server.slowFlushes(url, SLOW_FLUSH_MICROSECONDS);
  const own = databases.get('signalbox') ?? '';
  return {
    machine: [...describeMachine(server), ['Measured', describeScale(scale)]],
    at10: await told('ten jobs at a time', () => measureThroughput(server, { databases, concurrency: 10, ...scale })),
    at50: await told('fifty jobs at a time', () => measureThroughput(server, { databases, concurrency: 50, ...scale })),
    slowFlush: await told('slow flushes', () =>
      measureThroughput(server, {
        databases: slow,
        concurrency: 10,
        jobs: scale.slowFlushJobs,
        warmUpJobs: 0,
        rounds: scale.rounds,
      }),
    ),
    scaleOut: await told('two executors', () => measureScaleOut(server, own, { concurrency: 10, ...scale })),
    latencies: await told('one job at a time', () =>
      measureLatency(new Map([...databases, ...queueOnly]), { jobs: scale.idleJobs, rounds: 2 }),
    ),
    logIngest: await told('output of a program', () =>
      measureLogIngest(only(databases, ['signalbox', 'raw-sql']), { lines: scale.lines, rounds: scale.rounds }),
    ),
    statements: await told('statements per job', () => countAll(databases, scale.countedJobs)),
    profile: await told('profile of the executor', () => profileExecutor(own, { concurrency: 50, jobs: scale.jobs })),
  };
}

async function makeDatabases(server: BenchServer, names: readonly ContenderName[], prefix: string) {
  const databases = new Map<ContenderName, string>();
  for (const name of names) databases.set(name, await server.makeDatabase(name, `${prefix}-${name}`));
  return databases;
}

function only(databases: ReadonlyMap<ContenderName, string>, names: readonly ContenderName[]) {
  return new Map([...databases].filter(([name]) => names.includes(name)));
}

async function countAll(databases: ReadonlyMap<ContenderName, string>, jobs: number): Promise<StatementsPerJob[]> {
  const counts: StatementsPerJob[] = [];
  for (const concurrency of [1, 10, 50]) {
    for (const [name, url] of only(databases, ['signalbox', 'dbos']))
      counts.push(await countStatements(name, url, { concurrency, jobs, warmUpJobs: 20 }));
  }
  return counts;
}

async function told<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const found = await work();
  console.log(`${what}: measured in ${Math.round((performance.now() - began) / 1_000)} s`);
  return found;
}

/** The part of the API stands behind that of the jobs, and each can be measured without the other. */
async function writeApiPart(found: string): Promise<void> {
  const [jobs = ''] = (await readFile(RESULTS_FILE, 'utf8')).split(API_HEADING);
  await writeFile(RESULTS_FILE, `${jobs.trimEnd()}\n\n${found}`);
}

const [argument] = process.argv.slice(2);
if (argument !== undefined && argument !== 'quick' && argument !== 'api') {
  console.error(`"${argument}" means nothing here. Use: npm run bench, or: npm run bench -- quick (or api)`);
  process.exit(64);
}
const server = await startBenchServer();
try {
  if (argument !== 'api') {
    const text = results(await measure(server, argument === 'quick' ? QUICK : FULL));
    if (argument !== 'quick') await writeFile(RESULTS_FILE, text);
    console.log(`\n${text}`);
  }
  if (argument !== 'quick') {
    const text = apiResults(await told('the API', () => measureApi(server)));
    await writeApiPart(text);
    console.log(`\n${text}`);
  }
} finally {
  await server.stop();
}
