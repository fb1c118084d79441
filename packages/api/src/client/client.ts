/**
 * A typed client of Signalbox for programs, Node and browsers alike: the common operations as methods, documents of your own
 * with typed variables and results, and subscriptions that outlive the connections below them.
 */
import type { CreateJobInput, JobFilter, JsonObject, ResultOf, TypedDocument, VariablesOf } from './graphql.ts';
import { type Endpoint, sendOperation } from './http.ts';
import { FollowLog, JobDetails, type JobFields, JobList, JobLog, WatchJobs, WatchSteps } from './job-documents.ts';
import { type LiveSocket, openLiveSocket } from './live-socket.ts';
import * as moves from './move-documents.ts';
import { type SubscribeOptions, subscribeResuming } from './resuming.ts';
import { accepted, SignalboxError } from './signalbox-error.ts';

export { graphql, type ResultOf, type VariablesOf } from './graphql.ts';
export type { SubscribeOptions } from './resuming.ts';
export { accepted, SignalboxError } from './signalbox-error.ts';

export type Job = ResultOf<typeof JobFields>;
export type JobWithDetails = NonNullable<ResultOf<typeof JobDetails>['job']>;
export type LogLine = ResultOf<typeof FollowLog>['stepLogged']['lines'][number];
export type JobUpdate = ResultOf<typeof WatchJobs>['jobUpdated'];
export type StepsUpdate = ResultOf<typeof WatchSteps>['jobUpdated'];

/** Which log, and which of its lines. */
export type LogPart = Pick<VariablesOf<typeof JobLog>, 'id' | 'filter'>;
/** Which page: from the beginning or behind `after`, or from the end or before `before`. */
export type PageArguments = Omit<VariablesOf<typeof JobLog>, 'id' | 'filter'>;

export interface LogPage {
  lines: LogLine[];
  /** Of all lines that match, whatever the page. */
  totalCount: number;
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

export interface ClientOptions {
  /** Where the service is; http://127.0.0.1:4000 unless told. */
  url?: string;
  /** An API token, for services that want one. */
  token?: string;
}

const FINAL: ReadonlySet<Job['status']> = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);

/** Whether a job with this status has ended; a FAILED or CANCELLED one can still be retried. */
export function isFinal(status: Job['status']): boolean {
  return FINAL.has(status);
}

export class SignalboxClient {
  readonly #endpoint: Endpoint;
  #socket: LiveSocket | undefined;

  constructor({ token, url = 'http://127.0.0.1:4000' }: ClientOptions = {}) {
    this.#endpoint = { url: url.replace(/\/+$/, ''), token };
  }

  get url(): string {
    return this.#endpoint.url;
  }

  /** Sends a query or mutation of your own. Throws a SignalboxError when anything is wrong with it. */
  send<Result, Variables>(document: TypedDocument<Result, Variables>, variables: Variables, signal?: AbortSignal) {
    return sendOperation(this.#endpoint, document, variables, signal);
  }

  /** The payloads of a subscription of your own; give it `$after` and select `cursor`, and it survives lost connections. */
  subscribe<Result, Variables extends object>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    options?: SubscribeOptions,
  ): AsyncGenerator<Result, void, void> {
    this.#socket ??= openLiveSocket(this.#endpoint);
    return subscribeResuming(this.#socket, this.url, document, variables, options);
  }

  /** Makes a job. Sent again by itself when the answer got lost; the key it gets, unless it has one, keeps it one job. */
  async createJob(input: CreateJobInput): Promise<Job> {
    const once = { ...input, idempotencyKey: input.idempotencyKey ?? crypto.randomUUID() };
    const create = async () => accepted((await this.send(moves.CreateJob, { input: once })).createJob);
    return create().catch((error: unknown) => {
      if (error instanceof SignalboxError && error.code === 'UNREACHABLE') return create();
      throw error;
    });
  }

  /** A job with its input, output and steps. */
  async job(id: string): Promise<JobWithDetails> {
    const { job } = await this.send(JobDetails, { id });
    if (!job) throw new SignalboxError('NOT_FOUND', `There is no job "${id}".`);
    return job;
  }

  /** A page of jobs, the newest first unless told. */
  async jobs(page: VariablesOf<typeof JobList> = {}) {
    const { jobs } = await this.send(JobList, page);
    return { jobs: jobs.edges.map(({ node }) => node), totalCount: jobs.totalCount, ...jobs.pageInfo };
  }

  /** A page of a log; `last` gives its end. */
  async logs(page: LogPart & PageArguments): Promise<LogPage> {
    const { job } = await this.send(JobLog, page);
    if (!job) throw new SignalboxError('NOT_FOUND', `There is no job "${page.id}".`);
    return { lines: job.logs.edges.map(({ node }) => node), totalCount: job.logs.totalCount, ...job.logs.pageInfo };
  }

  async startJob(id: string): Promise<Job> {
    return accepted((await this.send(moves.StartJob, { id })).startJob);
  }

  async cancelJob(id: string, { force }: { force?: boolean } = {}): Promise<Job> {
    return accepted((await this.send(moves.CancelJob, { id, force })).cancelJob);
  }

  async pauseJob(id: string): Promise<Job> {
    return accepted((await this.send(moves.PauseJob, { id })).pauseJob);
  }

  async resumeJob(id: string): Promise<Job> {
    return accepted((await this.send(moves.ResumeJob, { id })).resumeJob);
  }

  async retryJob(id: string): Promise<Job> {
    return accepted((await this.send(moves.RetryJob, { id })).retryJob);
  }

  /** A new job with the same input, or another one in its place. */
  async rerunJob(id: string, input?: JsonObject): Promise<Job> {
    return accepted((await this.send(moves.RerunJob, { id, input })).rerunJob);
  }

  async forkJob(request: VariablesOf<typeof moves.ForkJob>): Promise<Job> {
    return accepted((await this.send(moves.ForkJob, request)).forkJob);
  }

  async deleteJob(id: string): Promise<void> {
    accepted((await this.send(moves.DeleteJob, { id })).deleteJob);
  }

  async decideApproval(decision: VariablesOf<typeof moves.DecideApproval>): Promise<Job> {
    return accepted((await this.send(moves.DecideApproval, decision)).decideApproval);
  }

  /** Adds the workflow, or a version of it when its source has changed. */
  async saveWorkflow(source: string) {
    return accepted((await this.send(moves.SaveWorkflow, { source })).saveWorkflow);
  }

  async validateWorkflow(source: string) {
    return (await this.send(moves.ValidateWorkflow, { source })).validateWorkflow;
  }

  /** The state of each job that matches, now and at each change. */
  async *watchJobs(filter?: JobFilter, options?: SubscribeOptions): AsyncGenerator<JobUpdate, void, void> {
    for await (const { jobUpdated } of this.subscribe(WatchJobs, { filter }, options)) yield jobUpdated;
  }

  /** The state of a job with its steps, now and at each change. It goes on when the job has ended, since that may be retried. */
  async *watchJob(id: string, options?: SubscribeOptions): AsyncGenerator<StepsUpdate, void, void> {
    for await (const { jobUpdated } of this.subscribe(WatchSteps, { id }, options)) yield jobUpdated;
  }

  /** Each line of the log once and in order, from the beginning or behind a cursor, until the job has ended. */
  async *followLogs(
    jobId: string,
    { after, stepKey, ...options }: SubscribeOptions & { after?: string; stepKey?: string } = {},
  ): AsyncGenerator<LogLine, void, void> {
    for await (const { stepLogged } of this.subscribe(FollowLog, { jobId, stepKey, after }, options))
      yield* stepLogged.lines;
  }

  /** Waits until a job has ended, however it does, and gives it with its output. */
  async waitForJob(id: string, options?: SubscribeOptions): Promise<JobWithDetails> {
    for await (const { deletedId, job } of this.subscribeJob(id, options)) {
      if (deletedId) break;
      if (job && isFinal(job.status)) return this.job(id);
    }
    options?.signal?.throwIfAborted();
    throw new SignalboxError('NOT_FOUND', `The job "${id}" was deleted.`);
  }

  /** Lets go of the live connection; what still iterates ends. */
  async close(): Promise<void> {
    await this.#socket?.client.dispose();
    this.#socket = undefined;
  }

  private async *subscribeJob(id: string, options?: SubscribeOptions): AsyncGenerator<JobUpdate, void, void> {
    for await (const { jobUpdated } of this.subscribe(WatchJobs, { id }, options)) yield jobUpdated;
  }
}
