/** `npm run chaos`: seeded schedules of kills, freezes, stops, pauses and cancels, over a database that the launcher gives. */
import { openProcessStage, type ProcessStage } from '../process-stage.ts';
import { readArguments } from './arguments.ts';
import { openCampaign } from './campaign.ts';
import { runCancels } from './cancels.ts';

const SIZE = { jobs: 200, harmMs: 4_000 };
/** Of each kind and at once, so many times: 105 of each way. */
const CANCELS = { each: 5, graceSeconds: 10 };
const CANCEL_ROUNDS = 7;
const WITHIN_MS = { asked: 15_000, forced: 1_000 };

const { cancels, minutes, seeds } = readArguments(process.argv.slice(2));
const url = process.env.DATABASE_URL;
if (url === undefined) throw new Error('DATABASE_URL must name a migrated database; npm run chaos brings one');
const stage = await openProcessStage({ url, drop: async () => undefined });
let failures = 0;
try {
  if (seeds.length > 0) failures += await runSchedules(stage);
  if (cancels) for (const force of [false, true]) failures += await cancelAll(stage, force);
} finally {
  await stage.close();
}
process.exit(failures === 0 ? 0 : 1);

/** Returns how many did not hold. */
async function runSchedules(on: ProcessStage): Promise<number> {
  const campaign = await openCampaign(on);
  const began = performance.now();
  const failed: number[] = [];
  let run = 0;
  try {
    for (const seed of seeds) {
      const startedAt = performance.now();
      if (startedAt - began > minutes * 60_000) break;
      const { ends, harm, violations } = await campaign.run(seed, SIZE);
      run += 1;
      if (violations.length > 0) failed.push(seed);
      const states = Object.entries(ends).map(([status, count]) => `${count} ${status}`);
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      console.log(`${verdict(violations)} seed ${seed} (${seconds} s) ${states.join(', ')}; ${harm.join(', ')}`);
      for (const violation of violations) console.log(`         ${violation}`);
    }
  } finally {
    await campaign.close();
  }
  console.log(
    `${run - failed.length} of ${run} schedules held, in ${Math.round((performance.now() - began) / 1_000)} s.`,
  );
  if (failed.length > 0) console.log(`To repeat those that did not: npm run chaos -- seeds=${failed.join(',')}`);
  return failed.length;
}

async function cancelAll(on: ProcessStage, force: boolean): Promise<number> {
  const times: number[] = [];
  const problems: string[] = [];
  const within = force ? WITHIN_MS.forced : WITHIN_MS.asked;
  for (let round = 0; round < CANCEL_ROUNDS; round += 1) {
    for (const { kind, left, tookMs } of await runCancels(on, { ...CANCELS, force })) {
      times.push(tookMs);
      problems.push(...left);
      if (tookMs > within) problems.push(`a ${kind} took ${Math.round(tookMs)} ms to end`);
    }
  }
  problems.push(...(await on.violations()));
  const slowest = Math.round(Math.max(...times));
  const how = force ? 'forced cancels' : 'cancels';
  console.log(`${verdict(problems)} ${times.length} ${how}, the slowest took ${slowest} ms of ${within} ms`);
  for (const problem of problems) console.log(`         ${problem}`);
  return problems.length;
}

function verdict(problems: readonly string[]): string {
  return problems.length === 0 ? 'ok    ' : 'FAILED';
}
