import type { AnyVariables, CombinedError, TypedDocumentNode } from '@urql/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { useStable } from '../app/use-stable.ts';
import { useHeal } from './use-heal.ts';
import { useLive } from './use-live.ts';

/** Where a state comes from: a document, and where the state stands in what it brings. */
type Source<Data, Variables extends AnyVariables, State> = readonly [
  document: TypedDocumentNode<Data, Variables>,
  pick: (data: Data) => State,
];

interface Latest<State> {
  state: State | undefined;
  /** Why it could not be read, the last time that was tried. */
  error: CombinedError | undefined;
  refresh: () => void;
}

/**
 * The newest state of something that a subscription tells whole at each change: read once, since that is quicker than
 * a socket that has to be opened first; then told; and read again while live updates are cut off. When the variables
 * change, the last state stays until the new one is there.
 */
export function useLatest<State, Variables extends AnyVariables, Read, Told>(
  variables: Variables,
  read: Source<Read, Variables, State>,
  told: Source<Told, Variables, State>,
): Latest<State> {
  const client = useClient();
  const stable = useStable(variables);
  const [latest, setLatest] = useState<Omit<Latest<State>, 'refresh'>>({ state: undefined, error: undefined });
  // The documents are constants of their modules.
  const [document, pick] = read;
  // Counts what was asked and told: an answer is out of date once something was asked or told after it was asked for.
  const turn = useRef(0);

  const refresh = useCallback(async (): Promise<void> => {
    turn.current += 1;
    const asked = turn.current;
    const { data, error } = await client.query(document, stable, { requestPolicy: 'network-only' });
    if (turn.current !== asked) return;
    setLatest((now) => (data ? { state: pick(data), error: undefined } : { ...now, error }));
  }, [client, document, pick, stable]);

  useEffect(() => void refresh(), [refresh]);
  useHeal(() => void refresh());
  useLive(told[0], stable, (data) => {
    turn.current += 1;
    setLatest({ state: told[1](data), error: undefined });
  });
  return { ...latest, refresh: () => void refresh() };
}
