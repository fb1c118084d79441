import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from 'urql';
import { byField } from '../../app/failure.ts';
import { useKept } from '../../app/use-kept.ts';
import { useStable } from '../../app/use-stable.ts';
import { SchedulePreview } from './documents.ts';
import { missingIn, type TimesRequest } from './times.ts';

const SETTLED_AFTER = 250;

export interface Preview {
  /** Undefined until they are known, and for times that cannot be taken. */
  runs: readonly string[] | undefined;
  /** Whether they are on their way. */
  loading: boolean;
  /** What is wrong with the times, by the names of the API. */
  problems: Record<string, string>;
}

/** The next runs of times while they are written, as the server counts them. */
export function usePreview(request: TimesRequest): Preview {
  const [settled] = useDebouncedValue(useStable(request), SETTLED_AFTER);
  const incomplete = Object.keys(missingIn(settled)).length > 0;
  const [result] = useQuery({
    query: SchedulePreview,
    variables: settled,
    pause: incomplete,
    requestPolicy: 'network-only',
  });
  const preview = useKept(result)?.schedulePreview;
  const loading = Object.keys(missingIn(request)).length === 0 && !result.error;
  // What is there is about the times of another kind, or of none.
  if (incomplete || settled.kind !== request.kind || !preview) return { runs: undefined, loading, problems: {} };
  if (preview.__typename === 'SchedulePreview') return { runs: preview.runs, loading: false, problems: {} };
  return { runs: undefined, loading: false, problems: byField(preview.issues) };
}
