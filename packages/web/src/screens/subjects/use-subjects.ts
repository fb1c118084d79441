import { useEffect, useMemo, useState } from 'react';
import { useClient } from 'urql';
import { useStore } from '../../app/store.ts';
import { throttle } from '../../live/throttle.ts';
import { useHeal } from '../../live/use-heal.ts';
import { useLive } from '../../live/use-live.ts';
import { SubjectsTouched } from './documents.ts';
import { type SubjectList, SubjectPages } from './subject-pages.ts';

const READ_EVERY = 1_000;

interface Subjects extends SubjectList {
  /** Whether what is shown was found by another search than the present one. */
  outdated: boolean;
  more: () => void;
  refresh: () => void;
}

/** The subjects that match a search, live. While another search is read, what the last one found stays. */
export function useSubjects(search: string): Subjects {
  const client = useClient();
  const pages = useMemo(() => new SubjectPages(client, search), [client, search]);
  const refresh = useMemo(() => throttle(() => pages.refresh(), READ_EVERY), [pages]);
  const now = useStore(pages.state);
  const [last, setLast] = useState(now);
  if (now.subjects !== undefined && now !== last) setLast(now);

  useEffect(() => {
    refresh();
    return refresh.stop;
  }, [refresh]);
  const running = now.subjects?.some(({ status }) => status === 'RUNNING') ?? false;
  const heard = useHeal(refresh, running);
  useLive(SubjectsTouched, {}, ({ jobUpdated: { job, deletedId } }) => {
    heard();
    const id = deletedId ?? job?.id;
    const shown = () => now.subjects?.some(({ stages }) => stages.some(({ lastJob }) => lastJob?.id === id)) ?? false;
    if (job?.subject != null || shown()) refresh();
  });

  const outdated = now.subjects === undefined && now.error === undefined;
  return {
    ...(outdated ? last : now),
    outdated: outdated && last.subjects !== undefined,
    more: () => pages.more(),
    refresh: () => pages.refresh(),
  };
}
