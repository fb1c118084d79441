/** Cursors of lists of jobs: the place of a job in one order, and the moment at which that list's durations are measured. */
import { JOB_PRIORITIES } from '@signalbox/core/statuses';
import { isId } from '@signalbox/db/ids';
import type { JobOrder, JobOrderField, JobPosition } from '@signalbox/db/job-list';
import { requestError } from './request-error.ts';

export interface JobCursor {
  position: JobPosition;
  asOf: Date;
}

/** What PostgreSQL accepts as a value of the order, so that a made-up cursor is refused here and not by the database. */
const VALUE_SHAPES: Record<JobOrderField, RegExp | undefined> = {
  CREATED_AT: undefined,
  STARTED_AT: /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}$/,
  COMPLETED_AT: /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}$/,
  DURATION: /^-?\d{1,15}(\.\d{1,9})?$/,
  PRIORITY: new RegExp(`^(${JOB_PRIORITIES.join('|')})$`),
};

export function encodeJobCursor({ id, value }: JobPosition, { field, direction }: JobOrder, asOf: Date): string {
  return Buffer.from(JSON.stringify([field, direction, id, value, asOf.getTime()])).toString('base64url');
}

/** Throws BAD_CURSOR, also for a cursor of another order. */
export function decodeJobCursor(cursor: string, order: JobOrder): JobCursor {
  const parts = parse(cursor);
  if (!parts) {
    throw requestError(
      `"${cursor.slice(0, 100)}" is not a cursor of jobs. Pass on a cursor exactly as you got it, or none.`,
      'BAD_CURSOR',
    );
  }
  const [field, direction, id, value, asOf] = parts;
  if (field !== order.field || direction !== order.direction) {
    throw requestError(
      `The cursor belongs to a list ordered by ${field} ${direction}, and this one is ordered by ${order.field} ${order.direction}. Start without a cursor when the order changes.`,
      'BAD_CURSOR',
    );
  }
  return { position: { id, value }, asOf: new Date(asOf) };
}

function parse(cursor: string): [JobOrderField, JobOrder['direction'], string, string | null, number] | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 5) return undefined;
  const [field, direction, id, value, asOf] = parts as unknown[];
  if (typeof field !== 'string' || !Object.hasOwn(VALUE_SHAPES, field)) return undefined;
  if (direction !== 'ASC' && direction !== 'DESC') return undefined;
  if (typeof id !== 'string' || !isId(id)) return undefined;
  if (typeof asOf !== 'number' || Number.isNaN(new Date(asOf).getTime())) return undefined;
  const shape = VALUE_SHAPES[field as JobOrderField];
  if (value !== null && !(shape && typeof value === 'string' && shape.test(value))) return undefined;
  return [field as JobOrderField, direction, id, value, asOf];
}
