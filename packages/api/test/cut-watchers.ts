/** Watchers whose sockets are cut again and again while a job runs. Each goes on behind the last cursor that it has seen. */
import type { ApiFixture } from './fixture.ts';
import { Scene } from './scene.ts';
import { Subscriber } from './subscriber.ts';

interface Watch<Data> {
  query: string;
  variables: Record<string, unknown>;
  cursorOf(data: Data): string;
}

/** Reads until `isLast`, however often it is cut. */
class CutWatcher<Data> {
  readonly seen: Data[] = [];
  readonly done: Promise<void>;
  cuts = 0;
  readonly #url: string;
  readonly #watch: Watch<Data>;
  #subscriber: Subscriber<Data>;
  #after: string | undefined;

  constructor(url: string, watch: Watch<Data>, isLast: (data: Data) => boolean) {
    this.#url = url;
    this.#watch = watch;
    this.#subscriber = this.#connect();
    this.done = this.#read(isLast);
  }

  /** Cuts the connection once there is one. */
  async cut(): Promise<void> {
    const subscriber = this.#subscriber;
    await subscriber.opened;
    if (subscriber !== this.#subscriber) return this.cut();
    subscriber.cut();
    this.cuts += 1;
    // The next cut has to hit the next connection.
    await subscriber.closed;
  }

  #connect(): Subscriber<Data> {
    return new Subscriber<Data>(this.#url, this.#watch.query, { ...this.#watch.variables, after: this.#after });
  }

  async #read(isLast: (data: Data) => boolean): Promise<void> {
    for (;;) {
      const cuts = this.cuts;
      try {
        const data = await this.#subscriber.next();
        this.seen.push(data);
        this.#after = this.#watch.cursorOf(data);
        if (isLast(data)) return;
      } catch (error) {
        if (this.cuts === cuts) throw error;
        this.#subscriber = this.#connect();
      }
    }
  }

  close(): Promise<void> {
    return this.#subscriber.close();
  }
}

/** What the watchers were told, in the order in which they were. */
export interface CutReport {
  /** Of each watcher. */
  cuts: number[];
  /** The numbers of the log's lines. */
  lines: number[];
  job: JobSight[];
  /** Of all jobs of a filter. */
  jobs: JobSight[];
  /** How many jobs were COMPLETED, each time that counts were told. */
  completed: StateSight[];
  /** How many jobs one worker held, each time that workers were told; it takes one in each round and ends none. */
  held: StateSight[];
  /** How many jobs of its queue were running, each time that queues were told. */
  running: StateSight[];
}

export interface StateSight {
  cursor: string;
  value: number;
}

export interface JobSight {
  id: string;
  cursor: string;
  status: string;
  percent: number;
}

interface JobData {
  jobUpdated: { cursor: string; job: { id: string; status: string; progress: { percent: number } } };
}

const JOB = 'cursor job { id status progress { percent } }';

const sightOf = ({ jobUpdated: { cursor, job } }: JobData): JobSight => ({
  id: job.id,
  cursor,
  status: job.status,
  percent: job.progress.percent,
});

/** Watches states that are told as a whole, until the figure that is taken from them has reached `last`. */
function watchState<State extends { cursor: string }>(
  api: ApiFixture,
  query: string,
  variables: Record<string, unknown>,
  value: (state: State) => number,
  last: number,
) {
  const stateOf = (data: Record<string, State>) => Object.values(data)[0] as State;
  const watcher = new CutWatcher<Record<string, State>>(
    api.wsUrl,
    { query, variables, cursorOf: (data) => stateOf(data).cursor },
    (data) => value(stateOf(data)) === last,
  );
  const sights = () => watcher.seen.map(stateOf).map((state) => ({ cursor: state.cursor, value: value(state) }));
  return { watcher, sights };
}

/** One job with `rounds` times 100 lines and 2 changes of its step; in each round every watcher is cut once. */
export async function cutWatchersWhileJobRuns(api: ApiFixture, rounds: number): Promise<CutReport> {
  const subject = `cut ${rounds} times`;
  const id = await api.newJob({ subject });
  const held = await api.worker.claim(id);
  const isOver = ({ jobUpdated }: JobData) => jobUpdated.job.status === 'COMPLETED';
  const cursorOf = ({ jobUpdated }: JobData) => jobUpdated.cursor;
  const ofJob = new CutWatcher<JobData>(
    api.wsUrl,
    {
      query: `subscription ($id: ID, $after: String) { jobUpdated(id: $id, after: $after) { ${JOB} } }`,
      variables: { id },
      cursorOf,
    },
    isOver,
  );
  const ended = new Set<string>();
  const ofFilter = new CutWatcher<JobData>(
    api.wsUrl,
    {
      query: `subscription ($filter: JobFilter, $after: String) { jobUpdated(filter: $filter, after: $after) { ${JOB} } }`,
      variables: { filter: { subject } },
      cursorOf,
    },
    (data) => {
      if (isOver(data)) ended.add(data.jobUpdated.job.id);
      return ended.size === rounds + 1;
    },
  );
  interface LogData {
    stepLogged: { cursor: string; lines: { seq: number; message: string }[] };
  }
  const ofLog = new CutWatcher<LogData>(
    api.wsUrl,
    {
      query:
        'subscription ($id: ID!, $after: String) { stepLogged(jobId: $id, after: $after) { cursor lines { seq message } } }',
      variables: { id },
      cursorOf: ({ stepLogged }) => stepLogged.cursor,
    },
    ({ stepLogged }) => stepLogged.lines.some(({ message }) => message === 'the last line'),
  );
  const scene = new Scene(api);
  const workerId = await scene.worker({ slots: rounds });
  const counts = watchState<{ cursor: string; counts: { status: string; count: number }[] }>(
    api,
    'subscription ($filter: JobFilter, $after: String) { countsUpdated(filter: $filter, after: $after) { cursor counts { status count } } }',
    { filter: { subject } },
    (state) => state.counts.find(({ status }) => status === 'COMPLETED')?.count ?? 0,
    rounds + 1,
  );
  const workers = watchState<{ cursor: string; workers: { id: string; runningJobs: number }[] }>(
    api,
    'subscription ($after: String) { workersUpdated(after: $after) { cursor workers { id runningJobs } } }',
    {},
    (state) => state.workers.find((worker) => worker.id === workerId)?.runningJobs ?? 0,
    rounds,
  );
  const queues = watchState<{ cursor: string; queues: { name: string; running: number }[] }>(
    api,
    'subscription ($after: String) { queuesUpdated(after: $after) { cursor queues { name running } } }',
    {},
    (state) => state.queues.find(({ name }) => name === scene.queue)?.running ?? 0,
    rounds,
  );
  const watchers = [ofJob, ofFilter, ofLog, counts.watcher, workers.watcher, queues.watcher];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const cut = Promise.all(watchers.map((watcher) => watcher.cut()));
      await api.worker.log(
        held,
        Array.from({ length: 100 }, (_, line) => `line ${round * 100 + line}`),
        'history',
      );
      await api.worker.record(held, { stepPercent: (round / rounds) * 100 });
      await api.worker.finish(await api.newJob({ subject }));
      await scene.claim(await scene.job(), workerId);
      await api.worker.record(held, { stepPercent: ((round + 0.5) / rounds) * 100 });
      await cut;
    }
    await api.worker.log(held, ['the last line']);
    await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
    await Promise.all(watchers.map(({ done }) => done));
  } finally {
    await Promise.all(watchers.map((watcher) => watcher.close()));
  }
  return {
    cuts: watchers.map(({ cuts }) => cuts),
    lines: ofLog.seen.flatMap(({ stepLogged }) => stepLogged.lines.map(({ seq }) => seq)),
    job: ofJob.seen.map(sightOf),
    jobs: ofFilter.seen.map(sightOf),
    completed: counts.sights(),
    held: workers.sights(),
    running: queues.sights(),
  };
}

/** Everything that is missing, doubled or out of order. */
export function checkCutReport({ completed, held, job, jobs, lines, running }: CutReport, rounds: number): string[] {
  const problems: string[] = [];
  for (const [index, seq] of lines.entries()) {
    if (seq !== index + 1) problems.push(`line ${seq} came in the place of line ${index + 1}`);
  }
  if (lines.length < rounds * 100) problems.push(`only ${lines.length} lines came`);
  for (const [name, sights] of [
    ['the job', job],
    ['the filter', jobs],
  ] as const) {
    const last = new Map<string, JobSight>();
    const cursors = new Set<string>();
    for (const sight of sights) {
      // The first payloads of a filter stand for one moment, and whoever is cut among them hears them again.
      if (name === 'the job' && cursors.has(sight.cursor)) problems.push(`${name}: a payload came twice`);
      cursors.add(sight.cursor);
      const before = last.get(sight.id);
      if (before && before.percent > sight.percent)
        problems.push(`${name}: ${before.percent} % came before ${sight.percent} %`);
      if (before?.status === 'COMPLETED' && sight.status !== 'COMPLETED')
        problems.push(`${name}: went back to ${sight.status}`);
      last.set(sight.id, sight);
    }
    const ended = [...last.values()].filter(({ status }) => status === 'COMPLETED').length;
    const wanted = name === 'the job' ? 1 : rounds + 1;
    if (ended !== wanted) problems.push(`${name}: ${ended} ends were told, not ${wanted}`);
  }
  problems.push(
    ...problemsOfStates('counts', completed, rounds + 1),
    ...problemsOfStates('workers', held, rounds),
    ...problemsOfStates('queues', running, rounds),
  );
  return problems;
}

/** Of a figure that only grows. */
function problemsOfStates(name: string, sights: readonly StateSight[], last: number): string[] {
  const problems = sights.flatMap(({ cursor, value }, index) => {
    const before = sights[index - 1];
    if (before && value < before.value) return [`${name}: ${value} came behind ${before.value}`];
    return cursor === before?.cursor ? [`${name}: a state was told twice`] : [];
  });
  return sights.at(-1)?.value === last ? problems : [...problems, `${name}: the last one was ${sights.at(-1)?.value}`];
}
