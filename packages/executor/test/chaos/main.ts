/** `npm run chaos`: seeded schedules of kills, freezes, stops, pauses and cancels, over a database that the launcher gives. */
import { openProcessStage } from '../process-stage.ts';
import { openCampaign } from './campaign.ts';
import type { ScheduleReport } from './schedule.ts';

const SIZE = { jobs: 200, harmMs: 4_000 };
const MANY = { seeds: [1, 100] } as const;

const { seeds } = readArguments(process.argv.slice(2));
const url = process.env.DATABASE_URL;
if (url === undefined) throw new Error('DATABASE_URL must name a migrated database; npm run chaos brings one');

const stage = await openProcessStage({ url, drop: async () => undefined });
const campaign = await openCampaign(stage);
const failed: number[] = [];
const began = performance.now();
try {
  for (const seed of seeds) {
    const startedAt = performance.now();
    const report = await campaign.run(seed, SIZE);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    if (report.violations.length > 0) failed.push(seed);
    console.log(
      `${report.violations.length > 0 ? 'FAILED' : 'ok    '} seed ${seed} (${seconds} s) ${describe(report)}`,
    );
    for (const violation of report.violations) console.log(`         ${violation}`);
  }
} finally {
  await campaign.close();
  await stage.close();
}
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
console.log(`${seeds.length - failed.length} of ${seeds.length} schedules held, in ${minutes} minutes.`);
if (failed.length > 0) console.log(`To repeat those that did not: npm run chaos -- seeds=${failed.join(',')}`);
process.exit(failed.length === 0 ? 0 : 1);

function describe({ ends, harm }: ScheduleReport): string {
  const states = Object.entries(ends).map(([status, count]) => `${count} ${status}`);
  return `${states.join(', ')}; ${harm.join(', ')}`;
}

/** `seeds=1-100`, `seeds=7`, `seeds=7,9`. */
function readArguments(words: readonly string[]): { seeds: number[] } {
  const [, text = `${MANY.seeds[0]}-${MANY.seeds[1]}`] = /^seeds=([\d,-]+)$/.exec(words[0] ?? '') ?? [];
  if (words.length > 1 || (words[0] !== undefined && !words[0].startsWith('seeds='))) {
    console.error(`"${words.join(' ')}" means nothing here. Use: npm run chaos, or: npm run chaos -- seeds=1-20`);
    process.exit(64);
  }
  const seeds = text.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  return { seeds };
}
