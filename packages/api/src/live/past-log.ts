/**
 * Log lines of before, for readers that join or have fallen behind. When the lines are more than can be sent, all readers fall
 * behind at about the same place: a whole log is read in the same pages by everybody, so that who comes close behind another
 * gets what was read and made for that one.
 */
import type { Database } from '@signalbox/db/client';
import { readLogPage } from '@signalbox/db/log-pages';
import { LRUCache } from 'lru-cache';
import { BATCH_LINES, batchOf, behind, type LogBatch, type LogInterest } from './log-tail.ts';
import { Memo } from './memo.ts';

/** Of at most 2 MiB of text each. */
const MOST_PAGES = 8;

export interface Past {
  batch: LogBatch;
  /** Everything up to here is in it, or does not concern the reader. */
  place: number;
}

export class PastLog {
  readonly #db: Database;
  readonly #pages = new LRUCache<string, Promise<Past>>({ max: MOST_PAGES });

  constructor(db: Database) {
    this.#db = db;
  }

  /** The next lines behind a number and not behind `end`, up to which all lines are stored. */
  async read(interest: LogInterest, place: number, end: number): Promise<Past> {
    const pageStart = place - (place % BATCH_LINES);
    if (interest.stepKey === null && pageStart + BATCH_LINES <= end) {
      const page = await this.#page(interest.jobId, pageStart);
      // A page of very long lines ends early; what is left of it is read by whoever gets there.
      if (page.place > place) return { ...page, batch: behind(page.batch, place) };
    }
    return this.#read(interest, place, end);
  }

  #page(jobId: string, start: number): Promise<Past> {
    const key = `${jobId}/${start}`;
    const known = this.#pages.get(key);
    if (known) return known;
    const read = this.#read({ jobId, stepKey: null }, start, start + BATCH_LINES).then(({ batch, place }) => ({
      batch: { ...batch, memo: new Memo() },
      place,
    }));
    this.#pages.set(key, read);
    read.catch(() => this.#pages.delete(key));
    return read;
  }

  async #read({ jobId, stepKey }: LogInterest, place: number, end: number): Promise<Past> {
    const { lines, more } = await readLogPage(this.#db, jobId, {
      filter: { stepKey },
      afterSeq: place,
      beforeSeq: end + 1,
      limit: BATCH_LINES,
      backward: false,
    });
    return { batch: batchOf(lines), place: (more && lines.at(-1)?.seq) || end };
  }
}
