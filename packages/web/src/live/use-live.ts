import type { AnyVariables, OperationResult, TypedDocumentNode } from '@urql/core';
import { useEffect, useEffectEvent } from 'react';
import { useClient } from 'urql';
import { useStable } from '../app/use-stable.ts';
import { useAttention } from './attention.ts';

/**
 * Follows a subscription for as long as the component is there and somebody looks at the page. The payloads go
 * through the cache; `onData` sees each of them as well. With `pause` nothing is subscribed to.
 */
export function useLive<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  onData: (data: Data) => void,
  { pause = false }: { pause?: boolean } = {},
): void {
  const client = useClient();
  const attended = useAttention();
  const receive = useEffectEvent((result: OperationResult<Data, Variables>) => {
    if (result.data) onData(result.data);
  });
  const stable = useStable(variables);

  useEffect(() => {
    if (pause || !attended) return;
    const { unsubscribe } = client.subscription(document, stable).subscribe((result) => receive(result));
    return unsubscribe;
  }, [client, document, stable, pause, attended]);
}
