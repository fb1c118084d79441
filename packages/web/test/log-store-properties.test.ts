import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogLine } from '../src/logs/line.ts';
import type { LogSink, LogSource } from '../src/logs/log-source.ts';
import { LogStore } from '../src/logs/log-store.ts';
import { line } from './log-line.ts';

const after = (cursor: string | null) => (cursor === null ? 0 : Number(cursor.slice(1)));

/** A log that answers and tells in whatever order the scheduler likes. What one follower is told keeps its order. */
class SlowLog implements LogSource {
  /** Numbers have gaps: lines of other steps stand between. */
  written: LogLine[] = [];
  readonly #scheduler: fc.Scheduler;
  #sinks: { sink: LogSink; told: number }[] = [];

  constructor(scheduler: fc.Scheduler) {
    this.#scheduler = scheduler;
  }

  write(count: number, gap: number) {
    for (let written = 0; written < count; written += 1)
      this.written.push(line((this.written.at(-1)?.seq ?? 0) + 1 + gap));
  }

  latest(count: number) {
    return this.#answer('latest', () => ({
      ...this.#page(this.written.slice(-count)),
      total: this.written.length,
      firstSeq: this.written[0]?.seq ?? 0,
      followFrom: this.written.at(-1)?.cursor ?? null,
    }));
  }

  older(before: string, count: number) {
    return this.#answer('older', () => this.#page(this.written.filter(({ seq }) => seq < after(before)).slice(-count)));
  }

  newer(cursor: string | null, count: number) {
    return this.#answer('newer', () =>
      this.#page(this.written.filter(({ seq }) => seq > after(cursor)).slice(0, count)),
    );
  }

  around(seq: number, count: number) {
    return this.#answer('around', () => {
      const start = this.written.findIndex((each) => each.seq >= seq);
      const middle = start === -1 ? this.written.length : start;
      return this.#page(this.written.slice(Math.max(0, middle - count / 2), middle + count / 2));
    });
  }

  follow(cursor: string | null, sink: LogSink) {
    const follower = { sink, told: after(cursor) };
    this.#sinks.push(follower);
    void this.#tell(follower);
    return () => {
      this.#sinks = this.#sinks.filter((other) => other !== follower);
    };
  }

  /** Tells followers what they have not been told. */
  async tell() {
    await Promise.all(this.#sinks.map((follower) => this.#tell(follower)));
  }

  async #tell(follower: { sink: LogSink; told: number }) {
    await this.#scheduler.schedule(Promise.resolve(), 'tell');
    if (!this.#sinks.includes(follower)) return;
    const fresh = this.written.filter(({ seq }) => seq > follower.told);
    follower.told = fresh.at(-1)?.seq ?? follower.told;
    follower.sink.lines(fresh, `c${follower.told}`);
  }

  /** What is read is what is there when it is read, and arrives whenever the scheduler likes. */
  async #answer<Answer>(what: string, read: () => Answer): Promise<Answer> {
    await this.#scheduler.schedule(Promise.resolve(), `${what} is asked`);
    return this.#scheduler.schedule(Promise.resolve(read()), `${what} arrives`);
  }

  #page(lines: LogLine[]) {
    return {
      lines,
      hasOlder: lines.length > 0 && lines[0] !== this.written[0],
      hasNewer: lines.length > 0 && lines.at(-1) !== this.written.at(-1),
    };
  }
}

type Act = (store: LogStore, log: SlowLog, scheduler: fc.Scheduler) => unknown;
const passed = () => new Promise((resolve) => setImmediate(resolve));
const act: fc.Arbitrary<{ name: string; act: Act }> = fc.oneof(
  fc.constantFrom<{ name: string; act: Act }[]>(
    { name: 'older', act: (store) => store.loadOlder() },
    { name: 'newer', act: (store) => store.loadNewer() },
    { name: 'jump to the end', act: (store) => store.jumpToEnd() },
    { name: 'catch up', act: (store) => store.catchUp() },
    { name: 'something arrives', act: (_store, _log, scheduler) => scheduler.count() > 0 && scheduler.waitNext(1) },
    { name: 'tell', act: (_store, log) => log.tell() },
    { name: 'the reader is at the end', act: (store) => store.atEnd(true) },
    { name: 'the reader is elsewhere', act: (store) => store.atEnd(false) },
    {
      name: 'stop and start',
      act: (store) => {
        store.stop();
        return store.start();
      },
    },
  ),
  fc.nat(60).map((seq) => ({ name: `jump to ${seq}`, act: (store: LogStore) => store.jumpTo(seq) })),
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat(2)).map(([count, gap]) => ({
    name: `write ${count}`,
    act: (_store: LogStore, log: SlowLog) => log.write(count, gap),
  })),
);

test('whatever order things happen in, a reader sees a part of the log without gaps, and learns what is around it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.nat(30), fc.array(act, { maxLength: 14 }), async (scheduler, atFirst, acts) => {
      const log = new SlowLog(scheduler);
      log.write(atFirst, 0);
      const store = new LogStore(log, { page: 4, limit: 10, schedule: (task) => task() });
      const shown = () => store.getState().lines.map(({ seq }) => seq);
      const all = () => log.written.map(({ seq }) => seq);
      const withGaps: number[][] = [];
      store.subscribe(() => {
        const from = all().indexOf(shown()[0] ?? -1);
        const between = all().slice(from, from + shown().length);
        if (shown().join() !== between.join()) withGaps.push(shown());
      });
      void store.start();
      for (const { act: run } of acts) {
        void run(store, log, scheduler);
        await passed();
      }
      void log.tell();
      await scheduler.waitIdle();
      const state = store.getState();
      const told = JSON.stringify({ ...state, lines: shown() });
      expect(withGaps, told).toEqual([]);
      expect(state.hasOlder || shown()[0] === all()[0], told).toBe(true);
      expect(state.hasNewer || shown().at(-1) === all().at(-1), told).toBe(true);
      expect(state, told).toMatchObject({ loading: 'nothing', error: undefined, total: all().length });
      expect([state.firstSeq, state.lastSeq], told).toEqual([all()[0] ?? 0, all().at(-1) ?? 0]);
    }),
    { numRuns: 2000 },
  );
});
