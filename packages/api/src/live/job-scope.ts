/** What a group of subscribers watches: one job, or every job of a tenant that a filter matches. */
import type { Database } from '@signalbox/db/client';
import { type EventPosition, type JobEventRow, listChangedJobs } from '@signalbox/db/events';
import type { JobFilter } from '@signalbox/db/job-filter';
import { readJobPage, selectMatchingJobs } from '@signalbox/db/job-list';
import { encodeEventCursor } from '../cursors.ts';
import type { Inbox } from './inbox.ts';
import { Memo } from './memo.ts';

/** What is asked for: a job, or all jobs that match. */
export type JobInterest = { tenantId: string } & (
  | { jobId: string; filter?: undefined }
  | { jobId?: undefined; filter: JobFilter }
);

/** Changes that were read together. */
export interface ChangeGroup {
  tenantId: string;
  jobIds: string[];
  memo: Memo;
}

/** Something of a job has changed, or the job is gone. Shared by everybody who watches the same. */
export interface JobChange {
  jobId: string;
  deleted: boolean;
  /** The last event that it stands for. */
  position: EventPosition;
  cursor: string;
  group: ChangeGroup;
  memo: Memo;
}

/** The last event of each job, in the order of the last events; a deletion stays one whatever comes with it. */
export function changesOf(events: readonly JobEventRow[], tenantId: string): JobChange[] {
  const group: ChangeGroup = { tenantId, jobIds: [], memo: new Memo() };
  const last = new Map<string, JobChange>();
  for (const { jobId, xid, id, kind } of events) {
    const position = { xid, id };
    const deleted = kind === 'deleted' || (last.get(jobId)?.deleted ?? false);
    last.delete(jobId);
    last.set(jobId, { jobId, deleted, position, cursor: encodeEventCursor(position), group, memo: new Memo() });
  }
  const changes = [...last.values()];
  group.jobIds.push(...changes.filter((change) => !change.deleted).map((change) => change.jobId));
  return changes;
}

/** Jobs whose leaving of a filter is remembered; more would cost memory for little. */
const MOST_KNOWN = 1_000;
/** The event that changes nothing that a filter asks for. */
const PROGRESSED = 'progressed';

export function interestKey({ tenantId, jobId, filter }: JobInterest): string {
  return JSON.stringify([tenantId, jobId ?? null, filter ?? null]);
}

/** Whether the filter asks for anything that may change during the life of a job; its schedule may be deleted. */
function mayStopMatching({ labels, output, priority, schedule, search, status, subject }: JobFilter): boolean {
  const lists = [status, priority, schedule, labels, output];
  return lists.some((list) => list?.length) || Boolean(search?.trim()) || subject != null;
}

/** The other part of it. */
function lastingPart({ createdAfter, createdBefore, input, workflow }: JobFilter): JobFilter {
  return { createdAfter, createdBefore, input, workflow };
}

function restricts(filter: JobFilter): boolean {
  return Object.values(filter).some((part) => part != null && (!Array.isArray(part) || part.length > 0));
}

/** What readers are told of, and why. */
interface Heard {
  kept: readonly string[];
  matching: ReadonlySet<string>;
  deleted: ReadonlySet<string>;
}

async function keepMatching(
  db: Database,
  events: readonly JobEventRow[],
  tenantId: string,
  filter: JobFilter,
  isKnown: (event: JobEventRow) => boolean,
  hear?: (heard: Heard) => void,
): Promise<JobChange[]> {
  if (events.length === 0 || !restricts(filter)) return changesOf(events, tenantId);
  const jobIds = [...new Set(events.map((event) => event.jobId))];
  const matching = await selectMatchingJobs(db, tenantId, filter, jobIds);
  // Whether a deleted job matched cannot be told any more; who never had it has nothing to remove.
  const deleted = new Set(events.filter((event) => event.kind === 'deleted').map((event) => event.jobId));
  const known = new Set(events.filter(isKnown).map((event) => event.jobId));
  const kept = jobIds.filter((id) => matching.has(id) || deleted.has(id) || known.has(id));
  hear?.({ kept, matching, deleted });
  const concerned = new Set(kept);
  return changesOf(
    events.filter(({ jobId }) => concerned.has(jobId)),
    tenantId,
  );
}

export class JobScope {
  readonly interest: JobInterest;
  readonly inboxes = new Set<Inbox<JobChange>>();
  /** Those that matched when they were last looked at. */
  readonly #known = new Set<string>();
  /**
   * Those that readers were told of though they did not match. A reader looks at a job later than this does, and may
   * have seen it match again; so it is told of what follows too.
   */
  readonly #left = new Set<string>();

  constructor(interest: JobInterest) {
    this.interest = interest;
  }

  /** Remembers who matches now, so that whoever stops matching is told once more. */
  async prepare(db: Database): Promise<void> {
    const { tenantId, filter } = this.interest;
    if (!filter || !mayStopMatching(filter)) return;
    const { positions } = await readJobPage(db, tenantId, {
      filter,
      order: { field: 'CREATED_AT', direction: 'DESC' },
      limit: MOST_KNOWN,
      backward: false,
      asOf: new Date(),
    });
    for (const { id } of positions.reverse()) this.#known.add(id);
  }

  /** Remembers also who changed behind a place that a reader goes on from: any of them may have matched there. */
  async rememberSince(db: Database, place: EventPosition): Promise<void> {
    const { tenantId, filter } = this.interest;
    if (!filter || !mayStopMatching(filter)) return;
    const changed = await listChangedJobs(db, tenantId, place, MOST_KNOWN);
    if (changed.length === 0) return;
    for (const id of await selectMatchingJobs(db, tenantId, lastingPart(filter), changed)) this.#known.add(id);
    forgetOldest(this.#known);
  }

  /**
   * Those of the events that concern this scope, whatever the filter's changing parts say: a reader that was away may know the
   * job. It may also see the job match when it looks, and is told of what follows.
   */
  async pastChanges(db: Database, events: readonly JobEventRow[]): Promise<JobChange[]> {
    const { tenantId, filter } = this.interest;
    const own = this.#own(events);
    if (!filter) return changesOf(own, tenantId);
    const changes = await keepMatching(db, own, tenantId, lastingPart(filter), () => false);
    if (!mayStopMatching(filter)) return changes;
    for (const change of changes) if (!change.deleted && !this.#known.has(change.jobId)) this.#left.add(change.jobId);
    forgetOldest(this.#left);
    return changes;
  }

  /** Those of new events that concern this scope: jobs that match, and once more those that have matched until now. */
  async newChanges(db: Database, events: readonly JobEventRow[]): Promise<JobChange[]> {
    const { tenantId, filter } = this.interest;
    const own = this.#own(events);
    if (!filter) return changesOf(own, tenantId);
    if (!mayStopMatching(filter)) return keepMatching(db, own, tenantId, filter, () => false);
    return keepMatching(
      db,
      own,
      tenantId,
      filter,
      (event) => this.#known.has(event.jobId) || (this.#left.has(event.jobId) && event.kind !== PROGRESSED),
      (heard) => this.#remember(heard),
    );
  }

  #own(events: readonly JobEventRow[]): JobEventRow[] {
    const { tenantId, jobId } = this.interest;
    return events.filter((event) => event.tenantId === tenantId && (jobId === undefined || event.jobId === jobId));
  }

  #remember({ kept, matching, deleted }: Heard): void {
    for (const id of kept) {
      this.#known.delete(id);
      this.#left.delete(id);
      if (matching.has(id)) this.#known.add(id);
      else if (!deleted.has(id)) this.#left.add(id);
    }
    forgetOldest(this.#known);
    forgetOldest(this.#left);
  }
}

function forgetOldest(ids: Set<string>): void {
  for (const id of ids) {
    if (ids.size <= MOST_KNOWN) return;
    ids.delete(id);
  }
}
