import { useEffect, useEffectEvent } from 'react';
import { useQuery } from 'urql';
import { useKept } from '../../app/use-kept.ts';
import { useActivityBeat } from '../../live/activity.ts';
import { useHeal } from '../../live/use-heal.ts';
import { serverNow } from '../../time/clock.ts';
import { useReadAtBeat } from '../workflow/use-read-at-beat.ts';
import { Schedules } from './documents.ts';

/** An executor runs what is due within two seconds. */
const RUNS_WITHIN = 2_500;
/** Between two looks at a time that is over, when no executor is there to run it. */
const LEAST_PAUSE = 5_000;
const LONGEST_TIMER = 2 ** 31 - 1;

/** All schedules: read again when jobs change, and after each of their times, which may have made no job. */
export function useSchedules() {
  const [result, read] = useQuery({ query: Schedules, requestPolicy: 'cache-and-network' });
  const schedules = useKept(result)?.schedules;
  const reload = () => read({ requestPolicy: 'network-only' });
  useReadAtBeat(useActivityBeat(), reload);
  useHeal(reload);

  const times = schedules?.flatMap(({ nextRunAt }) => (nextRunAt === null ? [] : Date.parse(nextRunAt))) ?? [];
  const next = times.length === 0 ? undefined : Math.min(...times);
  const again = useEffectEvent(reload);
  useEffect(() => {
    if (next === undefined) return;
    let timer = setTimeout(look, Math.min(LONGEST_TIMER, Math.max(LEAST_PAUSE, next - serverNow() + RUNS_WITHIN)));
    function look() {
      again();
      timer = setTimeout(look, LEAST_PAUSE);
    }
    return () => clearTimeout(timer);
  }, [next]);

  return { schedules, error: result.error, reload };
}
