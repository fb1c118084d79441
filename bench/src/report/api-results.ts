import { FAN_OUT_CONTENDERS, type FanOutContender, type FanOutRun } from '../api/fan-out.ts';
import { PAGE_CONTENDERS, type PageContender, type PageRun } from '../api/list-page.ts';
import type { LiveDelays } from '../api/live-jobs.ts';
import type { ApiMeasurements } from '../api/measure-api.ts';
import type { Overload } from '../api/overload.ts';
import { median } from '../measure/spread.ts';
import { atLeast, atMost, type Goal, goalRow } from './goal.ts';
import { figure, table } from './table.ts';

export const API_HEADING = '# What `npm run bench -- api` found';

/** The part of bench/results.md that is about the API. */
export function apiResults(found: ApiMeasurements): string {
  return `${API_HEADING}

Medians; contenders take turns within each table. All processes share the machine, so what else it did counts: see its load.

${table(['', ''], found.machine)}

${table(['Goal', 'should be', 'is', ''], goalsOf(found).map(goalRow))}

## Lines of one log to many sockets

${fanOutTable(found.fanOut)}

## A page of 50 jobs with five steps each, of 100,000 jobs

${pageTable(found.listPage)}

## From the commit of a change to its watchers, milliseconds

${liveTable([found.lists, found.oneJob])}

## More lines than can be sent, and a reader that stops

${overloadTable(found.overload)}
`;
}

function goalsOf({ fanOut, listPage, lists, oneJob, overload }: ApiMeasurements): Goal[] {
  const speed = (contender: FanOutContender, perSecond: number, sockets: number) =>
    middle(cellOf(fanOut, contender, perSecond, sockets), (run) => run.deliveredPerSecond);
  const own = fanOut.filter(({ contender }) => contender === 'signalbox');
  const delay = (contender: FanOutContender) => middle(cellOf(fanOut, contender, 1_000, 100), (run) => run.delayP99);
  const pages = (contender: PageContender, deep: boolean) =>
    middle(
      listPage.filter((run) => run.contender === contender && run.deep === deep),
      (run) => run.perSecond,
    );
  return [
    ...[
      [1_000, 1_000],
      [10_000, 100],
    ].flatMap(([perSecond = 0, sockets = 0]) => [
      atLeast(
        `${cellName(perSecond, sockets)}, delivered, x corked`,
        0.7,
        speed('signalbox', perSecond, sockets) / speed('corked', perSecond, sockets),
      ),
      atLeast(
        `${cellName(perSecond, sockets)}, delivered, x yoga`,
        10,
        speed('signalbox', perSecond, sockets) / speed('yoga', perSecond, sockets),
      ),
    ]),
    atMost(
      'Lines missing, doubled or out of order',
      0,
      Math.max(...own.map(({ faults, missing }) => faults + missing)),
    ),
    atLeast('List page, x floor', 0.6, pages('signalbox', false) / pages('floor', false)),
    atLeast('Deep list page, x first page', 0.9, pages('signalbox', true) / pages('signalbox', false)),
    atMost('50 lists of 10 filters, commit to watcher, p95 ms', 250, lists.p95),
    atMost('1,000 watchers of one job, commit to watcher, p95 ms', 1_000, oneJob.p95),
    atMost('1,000 watchers of one job, growth of memory MiB', 64, oneJob.grownMib),
    atMost('1,000 lines/s to 100, delay p99, x corked', 2, delay('signalbox') / delay('corked')),
    atMost('Overload with a stopped reader, growth of memory MiB', 64, overload.grownMib),
    atMost('Overload, lines missing, doubled or out of order after resuming', 0, overload.wrong),
  ];
}

function cellOf(runs: readonly FanOutRun[], contender: FanOutContender, perSecond: number, sockets: number) {
  return runs.filter((run) => run.contender === contender && run.perSecond === perSecond && run.sockets === sockets);
}

function cellName(perSecond: number, sockets: number): string {
  return `${perSecond.toLocaleString('en-US')} lines/s to ${sockets.toLocaleString('en-US')}`;
}

function middle<Run>(runs: readonly Run[], pick: (run: Run) => number | undefined): number {
  return median(runs.map((run) => pick(run) ?? Number.NaN));
}

function fanOutTable(runs: readonly FanOutRun[]): string {
  const cells = new Map(runs.map(({ perSecond, sockets }) => [`${perSecond}/${sockets}`, { perSecond, sockets }]));
  const rows = [...cells.values()].flatMap(({ perSecond, sockets }) =>
    FAN_OUT_CONTENDERS.map((contender) => {
      const own = cellOf(runs, contender, perSecond, sockets);
      const floor = cellOf(runs, 'corked', perSecond, sockets);
      const ratios = own.map((run, round) => run.deliveredPerSecond / (floor[round]?.deliveredPerSecond ?? Number.NaN));
      return [
        cellName(perSecond, sockets),
        contender,
        figure(middle(own, (run) => run.deliveredPerSecond)),
        figure(median(ratios)),
        figure(middle(own, (run) => run.delayP50)),
        figure(middle(own, (run) => run.delayP99)),
        figure(middle(own, (run) => run.cpu)),
        figure(middle(own, (run) => run.memoryMib)),
      ];
    }),
  );
  const head = ['', '', 'lines/s delivered', 'x corked', 'delay ms p50', 'p99', 'CPU us/line', 'memory MiB'];
  return table(head, rows);
}

function pageTable(runs: readonly PageRun[]): string {
  const rows = [false, true].flatMap((deep) =>
    PAGE_CONTENDERS.map((contender) => {
      const own = runs.filter((run) => run.contender === contender && run.deep === deep);
      const floor = runs.filter((run) => run.contender === 'floor' && run.deep === deep);
      const ratios = own.map((run, round) => run.perSecond / (floor[round]?.perSecond ?? Number.NaN));
      return [
        `${deep ? 'behind 5,000 jobs' : 'the first'}, ${contender}`,
        figure(middle(own, (run) => run.perSecond)),
        figure(median(ratios)),
        figure(middle(own, (run) => run.p50)),
        figure(middle(own, (run) => run.p99)),
        figure(middle(own, (run) => run.cpu)),
      ];
    }),
  );
  return table(['', 'requests/s', 'x floor', 'ms p50', 'p99', 'CPU ms/request'], rows);
}

function liveTable(all: readonly LiveDelays[]): string {
  const rows = all.map(({ grownMib, heard, merged, name, p50, p95, p99 }) => [
    name,
    figure(heard),
    figure(p50),
    figure(p95),
    figure(p99),
    figure(merged),
    figure(grownMib),
  ]);
  return table(['', 'payloads', 'p50', 'p95', 'p99', 'told with a later change', 'memory grown, MiB'], rows);
}

function overloadTable(found: Overload): string {
  const { closeCode, deliveredPerSecond, grownMib, offeredPerSecond, sockets, wrong } = found;
  return table(
    [
      'sockets',
      'offered, lines/s',
      'delivered, lines/s',
      'memory grown, MiB',
      'stopped reader closed with',
      'lines wrong in the end',
    ],
    [
      [
        figure(sockets),
        figure(offeredPerSecond),
        figure(deliveredPerSecond),
        figure(grownMib),
        String(closeCode),
        figure(wrong),
      ],
    ],
  );
}
