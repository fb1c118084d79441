import { useState } from 'react';
import type { UseQueryState } from 'urql';

/**
 * A query's data, kept when reading it again failed: what was there a moment ago is better than nothing while the
 * server is away. For a component that stays with one subject; give it a key where the subject changes.
 */
export function useKept<Data>({ data }: Pick<UseQueryState<Data>, 'data'>): Data | undefined {
  const [kept, setKept] = useState(data);
  if (data !== undefined && data !== kept) setKept(data);
  return data ?? kept;
}
