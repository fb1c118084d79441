import { describe, expect, test } from 'vitest';
import type { LogLine } from '../src/logs/line.ts';
import type { LogSink, LogSource } from '../src/logs/log-source.ts';
import { LogStore } from '../src/logs/log-store.ts';
import { line } from './log-line.ts';

const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => line(from + index));

/** A log that the test writes: what is in it can be read, and what is sent goes to whoever follows. */
class WrittenLog implements LogSource {
  written: LogLine[] = [];
  sinks: LogSink[] = [];
  followedFrom: (string | null)[] = [];
  failing = false;

  constructor(count: number) {
    this.written = lines(1, count);
  }

  async latest(count: number) {
    if (this.failing) throw new Error('The server could not be reached.');
    return {
      ...this.#page(this.written.slice(-count)),
      total: this.written.length,
      firstSeq: this.written[0]?.seq ?? 0,
      followFrom: this.written.at(-1)?.cursor ?? null,
    };
  }

  async older(before: string, count: number) {
    const end = this.written.findIndex(({ cursor }) => cursor === before);
    return this.#page(this.written.slice(Math.max(0, end - count), end));
  }

  async newer(after: string | null, count: number) {
    const start = this.written.findIndex(({ cursor }) => cursor === after) + 1;
    return this.#page(this.written.slice(start, start + count));
  }

  async around(seq: number, count: number) {
    const start = this.written.findIndex((line) => line.seq >= seq);
    return this.#page(this.written.slice(Math.max(0, start - count / 2), start + count / 2));
  }

  follow(after: string | null, sink: LogSink) {
    this.followedFrom.push(after);
    this.sinks.push(sink);
    return () => {
      this.sinks = this.sinks.filter((other) => other !== sink);
    };
  }

  send(...sent: LogLine[]) {
    for (const sink of this.sinks) sink.lines(sent, sent.at(-1)?.cursor ?? 'c0');
  }

  #page(page: LogLine[]) {
    return {
      lines: page,
      hasOlder: (page[0]?.seq ?? 1) > 1,
      hasNewer: (page.at(-1)?.seq ?? this.written.length) < this.written.length,
    };
  }
}

/** Draws at once, so that a test sees what a reader would see at the next frame. */
const atOnce = (task: () => void) => task();
const seqs = (store: LogStore) => store.getState().lines.map(({ seq }) => seq);
const settled = (store: LogStore) =>
  new Promise<void>((resolve) => {
    const look = () => store.getState().loading === 'nothing' && resolve();
    store.subscribe(look);
    look();
  });
const upTo = (from: number, to: number) => lines(from, to).map(({ seq }) => seq);

describe('a log', () => {
  test('opens at its end and is followed from there', async () => {
    const log = new WrittenLog(25);
    const store = new LogStore(log, { page: 10, schedule: atOnce });
    await store.start();
    expect(seqs(store)).toEqual(upTo(16, 25));
    expect(store.getState()).toMatchObject({ total: 25, hasOlder: true, loading: 'nothing' });
    expect(log.followedFrom).toEqual(['c25']);
  });

  test('gains older lines before those that are there', async () => {
    const store = new LogStore(new WrittenLog(25), { page: 10, schedule: atOnce });
    await store.start();
    await store.loadOlder();
    await store.loadOlder();
    expect(seqs(store)).toEqual(upTo(1, 25));
    expect(store.getState().hasOlder).toBe(false);
  });

  test('has each line once and in order, whatever is sent twice or late', async () => {
    const log = new WrittenLog(3);
    const store = new LogStore(log, { schedule: atOnce });
    await store.start();
    log.send(line(4), line(6));
    log.send(line(3), line(4), line(5));
    log.send(line(6), line(7));
    expect(seqs(store)).toEqual(upTo(1, 7));
  });

  test('counts each line once, whatever is sent twice', async () => {
    const log = new WrittenLog(3);
    const store = new LogStore(log, { schedule: atOnce });
    await store.start();
    log.send(line(4), line(5));
    log.send(line(3), line(4), line(5), line(6));
    expect(store.getState().total).toBe(6);
  });

  test('goes on behind its last batch when it is started again', async () => {
    const log = new WrittenLog(3);
    const store = new LogStore(log, { schedule: atOnce });
    await store.start();
    log.send(line(4));
    store.stop();
    expect(log.sinks).toEqual([]);
    await store.start();
    expect(log.followedFrom).toEqual(['c3', 'c4']);
  });

  test('that was empty misses nothing that was written before following began', async () => {
    const log = new WrittenLog(0);
    const store = new LogStore(log, { schedule: atOnce });
    await store.start();
    expect(log.followedFrom).toEqual([null]);
    log.written = lines(1, 3);
    const reread = new Promise<void>((resolve) => store.subscribe(() => seqs(store).length === 3 && resolve()));
    log.send(line(3));
    await reread;
    expect(seqs(store)).toEqual([1, 2, 3]);
  });

  test('that was empty is shown while nobody looks at its end, even when more than is kept comes at once', async () => {
    const log = new WrittenLog(0);
    const store = new LogStore(log, { page: 4, limit: 10, schedule: atOnce });
    await store.start();
    log.send();
    await settled(store);
    store.atEnd(false);
    log.written = lines(1, 12);
    log.send(...log.written);
    expect(seqs(store)).toEqual(upTo(3, 12));
    expect(store.getState()).toMatchObject({ hasOlder: true, hasNewer: false, total: 12 });
  });

  test('that was empty keeps what it was told of when an answer from before comes late', async () => {
    const log = new WrittenLog(0);
    const store = new LogStore(log, { page: 4, limit: 10, schedule: atOnce });
    await store.start();
    log.send();
    store.atEnd(false);
    log.written = lines(1, 12);
    log.send(...lines(1, 6));
    log.send(...lines(7, 12));
    await settled(store);
    expect(seqs(store)).toEqual(upTo(1, 6));
    expect(store.getState()).toMatchObject({ hasOlder: false, hasNewer: true });
    await store.loadNewer();
    expect(seqs(store)).toEqual(upTo(1, 10));
  });

  test('keeps a bounded number of lines and reads the dropped ones again on demand', async () => {
    const log = new WrittenLog(100);
    const store = new LogStore(log, { page: 10, limit: 50, schedule: atOnce });
    await store.start();
    log.written = lines(1, 160);
    log.send(...lines(101, 160));
    expect(seqs(store)).toEqual(upTo(111, 160));
    expect(store.getState()).toMatchObject({ hasOlder: true, hasNewer: false, total: 160 });
    await store.loadOlder();
    expect(seqs(store)).toEqual(upTo(101, 150));
    expect(store.getState().hasNewer).toBe(true);
    await store.loadNewer();
    expect(seqs(store)).toEqual(upTo(111, 160));
    expect(store.getState().hasNewer).toBe(false);
  });

  test('shows any place of it, and from there on what is before and behind', async () => {
    const store = new LogStore(new WrittenLog(1_000), { page: 10, schedule: atOnce });
    await store.start();
    await store.jumpTo(500);
    expect(seqs(store)).toEqual(upTo(495, 504));
    expect(store.getState()).toMatchObject({ place: { seq: 500 }, hasOlder: true, hasNewer: true });
    await store.loadNewer();
    await store.loadOlder();
    expect(seqs(store)).toEqual(upTo(485, 514));
    await store.jumpToEnd();
    expect(seqs(store)).toEqual(upTo(991, 1_000));
  });

  test('that opens at a place is followed at its end all the same', async () => {
    const log = new WrittenLog(1_000);
    const store = new LogStore(log, { page: 10, schedule: atOnce });
    await store.start(20);
    expect(seqs(store)).toEqual(upTo(15, 24));
    expect(log.followedFrom).toEqual(['c1000']);
    log.written = lines(1, 1_003);
    log.send(...lines(1_001, 1_003));
    expect(store.getState()).toMatchObject({ total: 1_003, lastSeq: 1_003 });
    await store.jumpToEnd();
    expect(seqs(store)).toEqual(upTo(994, 1_003));
  });

  test.each([0, 30])(
    'with %d lines that opens at a line still to be written shows it once it is there',
    async (count) => {
      const log = new WrittenLog(count);
      const store = new LogStore(log, { page: 10, limit: 50, schedule: atOnce });
      await store.start(40);
      log.written = lines(1, 39);
      log.send(...lines(count + 1, 39));
      expect(seqs(store).at(-1)).toBe(39);
      expect(store.getState().place).toEqual({ seq: 'end' });
      log.written = lines(1, 60);
      log.send(...lines(40, 60));
      await settled(store);
      expect(seqs(store)).toContain(40);
      expect(store.getState().place).toEqual({ seq: 40 });
      // What comes later is no reason to go there again.
      const { place } = store.getState();
      log.send(line(61));
      expect(store.getState().place).toBe(place);
    },
  );

  test('shows a line that was asked for before it was read', async () => {
    const store = new LogStore(new WrittenLog(1_000), { page: 10, schedule: atOnce });
    void store.jumpTo(500);
    await store.start();
    await settled(store);
    expect(store.getState().place).toEqual({ seq: 500 });
    expect(seqs(store)).toEqual(upTo(495, 504));
  });

  test('that is read while live lines do not arrive shows the line that was waited for', async () => {
    const log = new WrittenLog(30);
    const store = new LogStore(log, { page: 10, schedule: atOnce });
    await store.start();
    await store.jumpTo(40);
    log.written = lines(1, 60);
    await store.catchUp();
    expect(store.getState().place).toEqual({ seq: 40 });
  });

  test.each<[string, (store: LogStore) => unknown]>([
    ['scrolls up', (store) => store.atEnd(false)],
    ['goes to the end', (store) => store.jumpToEnd()],
    ['goes to another line', (store) => store.jumpTo(25)],
    ['lets go of the line', (store) => store.forget()],
  ])('is not moved to a line that was waited for when the reader %s', async (_does, move) => {
    const log = new WrittenLog(30);
    const store = new LogStore(log, { page: 10, schedule: atOnce });
    await store.start(40);
    await move(store);
    const { place } = store.getState();
    log.written = lines(1, 60);
    log.send(...lines(31, 60));
    expect(store.getState().place).toBe(place);
  });

  test('takes nothing from under the eyes of who reads further up, however much is written', async () => {
    const log = new WrittenLog(40);
    const store = new LogStore(log, { page: 40, limit: 50, schedule: atOnce });
    await store.start();
    store.atEnd(false);
    log.written = lines(1, 500);
    for (let seq = 41; seq <= 500; seq += 20) log.send(...lines(seq, Math.min(500, seq + 19)));
    expect(seqs(store)).toEqual(upTo(1, 40));
    expect(store.getState()).toMatchObject({ hasNewer: true, total: 500 });
    await store.loadNewer();
    expect(seqs(store)).toEqual(upTo(31, 80));
  });

  test('misses no line that arrives while the page before it is read', async () => {
    const log = new WrittenLog(100);
    const store = new LogStore(log, { page: 10, schedule: atOnce });
    await store.start(85);
    const reading = store.loadNewer();
    log.written = lines(1, 101);
    log.send(line(101));
    await reading;
    while (store.getState().hasNewer) await store.loadNewer();
    expect(seqs(store)).toEqual(upTo(80, 101));
  });

  test('that has a gap is made whole by reading around it', async () => {
    const log = new WrittenLog(5);
    const store = new LogStore(log, { page: 10, schedule: atOnce });
    await store.start();
    log.written = lines(1, 9);
    log.send(line(9));
    expect(seqs(store)).toEqual([...upTo(1, 5), 9]);
    await store.fill(9);
    expect(seqs(store)).toEqual(upTo(1, 9));
  });

  test('catches up by reading while live lines do not arrive', async () => {
    const log = new WrittenLog(5);
    const store = new LogStore(log, { page: 10, schedule: atOnce });
    await store.start();
    log.written = lines(1, 28);
    await store.catchUp();
    expect(seqs(store)).toEqual(upTo(1, 28));
    log.send(line(28), line(29));
    expect(seqs(store)).toEqual(upTo(1, 29));
  });

  test('says why it could not be read, and reads it when it is tried again', async () => {
    const log = new WrittenLog(5);
    log.failing = true;
    const store = new LogStore(log, { schedule: atOnce });
    await store.start();
    expect(store.getState()).toMatchObject({ error: 'The server could not be reached.', loading: 'nothing' });
    log.failing = false;
    const read = new Promise<void>((resolve) => store.subscribe(() => seqs(store).length === 5 && resolve()));
    store.retry();
    await read;
    expect(store.getState().error).toBeUndefined();
  });

  test('is complete when the server says so, and does not catch up any more', async () => {
    const log = new WrittenLog(5);
    const store = new LogStore(log, { schedule: atOnce });
    await store.start();
    for (const sink of log.sinks) sink.complete();
    log.written = lines(1, 9);
    await store.catchUp();
    expect(store.getState().complete).toBe(true);
    expect(seqs(store)).toEqual(upTo(1, 5));
  });
});

test('lines that arrive within a frame are drawn together', async () => {
  const frames: (() => void)[] = [];
  const log = new WrittenLog(1);
  const store = new LogStore(log, { schedule: (task) => frames.push(task) });
  await store.start();
  for (const task of frames.splice(0)) task();
  let drawn = 0;
  store.subscribe(() => drawn++);
  for (let seq = 2; seq <= 100; seq++) log.send(line(seq));
  expect(frames).toHaveLength(1);
  for (const task of frames) task();
  expect(drawn).toBe(1);
  expect(seqs(store)).toEqual(upTo(1, 100));
});
