/** Cursors as clients see them: opaque, and checked when they come back. */
import type { EventPosition, EventSnapshot } from '@signalbox/db/events';
import { requestError } from './request-error.ts';

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function decode(cursor: string, shape: RegExp, source: string): (string | undefined)[] {
  const match = shape.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match) {
    throw requestError(
      `"${cursor.slice(0, 100)}" is not a cursor of ${source}. Pass on a cursor exactly as you got it, or none.`,
      'BAD_CURSOR',
    );
  }
  return match.slice(1);
}

export function encodeLogCursor(seq: number): string {
  return encode(`line:${seq}`);
}

/** The number of a log line; throws BAD_CURSOR. */
export function decodeLogCursor(cursor: string): number {
  const [seq] = decode(cursor, /^line:(\d{1,9})$/, 'a log');
  return Number(seq);
}

export function encodeEventCursor({ xid, id }: EventPosition): string {
  return encode(`event:${xid}.${id}`);
}

/** The cursor of a present state: behind it is what was not committed at that moment. */
export function encodeSnapshotCursor({ xmin, xmax, running }: EventSnapshot): string {
  return encode(`state:${xmin}:${xmax}:${running.join(',')}`);
}

/** Where a subscriber of changes goes on: behind an event, or behind the state at one moment. */
export interface ResumePlace {
  position: EventPosition;
  snapshot?: EventSnapshot;
}

export function placeOf(snapshot: EventSnapshot): ResumePlace {
  return { position: { xid: snapshot.xmin, id: '0' }, snapshot };
}

/** A place in the stream of changes; throws BAD_CURSOR. */
export function decodeEventCursor(cursor: string): ResumePlace {
  const shape = /^(?:event:(\d{1,18})\.(\d{1,18})|state:(\d{1,18}):(\d{1,18}):((?:\d{1,18}(?:,(?!$)|$)){0,1000}))$/;
  const [xid, id, xmin, xmax, running] = decode(cursor, shape, 'jobUpdated');
  if (xid !== undefined && id !== undefined) return { position: { xid, id } };
  return placeOf({ xmin: xmin ?? '0', xmax: xmax ?? '0', running: running ? running.split(',') : [] });
}

/** The cursor of a present state that was not told to its end: resuming there tells it again. */
export const START_CURSOR = encode('event:start');

export function isStartCursor(cursor: string): boolean {
  return cursor === START_CURSOR;
}

/** The cursor of a state that is told as a whole: its fingerprint, 43 signs. */
export function encodeStateCursor(name: string, fingerprint: string): string {
  return encode(`${name}:${fingerprint}`);
}

/** Such a cursor as it was given; throws BAD_CURSOR. */
export function checkStateCursor(cursor: string, name: string): string {
  decode(cursor, new RegExp(`^${name}:[\\w-]{43}$`), `${name}Updated`);
  return cursor;
}

/** Below zero when `one` comes before `other`. */
export function comparePositions(one: EventPosition, other: EventPosition): number {
  const difference = BigInt(one.xid) - BigInt(other.xid) || BigInt(one.id) - BigInt(other.id);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The place of a step in its job: that in the workflow, and behind it that of an item. */
export interface StepPlace {
  index: number;
  position: number;
}

export function encodeStepCursor({ index, position }: StepPlace): string {
  return encode(position === 0 ? `step:${index}` : `step:${index}:${position}`);
}

/** Throws BAD_CURSOR. */
export function decodeStepCursor(cursor: string): StepPlace {
  const [index, position] = decode(cursor, /^step:(\d{1,9})(?::(\d{1,9}))?$/, 'stepsConnection');
  return { index: Number(index), position: Number(position ?? 0) };
}

export function encodeSlugCursor(slug: string): string {
  return encode(`slug:${slug}`);
}

/** The slug of a workflow; throws BAD_CURSOR. */
export function decodeSlugCursor(cursor: string): string {
  const [slug = ''] = decode(cursor, /^slug:([a-z0-9-]{1,64})$/, 'workflows');
  return slug;
}

export function encodeActivityCursor(id: string): string {
  return encode(`activity:${id}`);
}

/** The id of an activity; throws BAD_CURSOR. */
export function decodeActivityCursor(cursor: string): string {
  const [id = ''] = decode(cursor, /^activity:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/, 'activities');
  return id;
}

export function encodeIdCursor(id: string): string {
  return encode(`id:${id}`);
}

/** The id of a row; throws BAD_CURSOR. */
export function decodeIdCursor(cursor: string, source: string): string {
  const [id = ''] = decode(cursor, /^id:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/, source);
  return id;
}

export function encodeTextCursor(text: string): string {
  return encode(`text:${text}`);
}

/** What stands in the list by its text; throws BAD_CURSOR. */
export function decodeTextCursor(cursor: string, source: string): string {
  const [text = ''] = decode(cursor, /^text:(.{1,1000})$/su, source);
  return text;
}
