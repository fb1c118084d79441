import { useEffect } from 'react';
import { Store, useStore } from '../../app/store.ts';

type Translate = (pattern: string) => string;

/** What turns patterns into words is code of its own size, which only those need who have such a schedule. */
const translator = new Store<Translate | undefined>(undefined);

async function load(): Promise<void> {
  const { default: cronstrue } = await import('cronstrue');
  translator.set((pattern) => cronstrue.toString(pattern, { use24HourTimeFormat: true }));
}

/** A cron pattern in words; undefined until they are there, and for a pattern that has none. */
export function useCronWords(pattern: string | null): string | undefined {
  const translate = useStore(translator);
  const needed = pattern !== null && translate === undefined;
  useEffect(() => {
    // Without the words there is still the pattern.
    if (needed) void load().catch(() => undefined);
  }, [needed]);
  if (pattern === null || translate === undefined) return undefined;
  try {
    return translate(pattern);
  } catch {
    return undefined;
  }
}
