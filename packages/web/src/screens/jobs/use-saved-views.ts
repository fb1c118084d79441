import { useClient, useQuery } from 'urql';
import { describeError, describeResult, type FailureResult } from '../../app/failure.ts';
import { tellFailure } from '../../app/tell.tsx';
import { useKept } from '../../app/use-kept.ts';
import type { ListToSave } from './saved-view.ts';
import { DeleteView, RenameView, SavedViews, SaveView } from './saved-view-documents.ts';

interface Answer {
  data?: { result: { __typename: string } } | undefined;
  error?: Parameters<typeof describeError>[0];
}

/** The kept lists of this reader, and those that others share; each change says whether it was made. */
export function useSavedViews() {
  const client = useClient();
  const [result, read] = useQuery({ query: SavedViews, requestPolicy: 'cache-and-network' });
  const views = useKept(result)?.savedViews;

  async function change(title: string, asked: Promise<Answer>): Promise<boolean> {
    const { data, error } = await asked;
    const outcome = data?.result;
    if (!outcome || isFailure(outcome)) {
      const failure = outcome ? describeResult(outcome) : describeError(error);
      tellFailure(`${title}: ${failure.title}`, failure.message);
      return false;
    }
    read({ requestPolicy: 'network-only' });
    return true;
  }

  return {
    views,
    error: result.error,
    save: (name: string, shared: boolean, list: ListToSave) =>
      change('Save the view', client.mutation(SaveView, { name, shared, ...list }).toPromise()),
    rename: (id: string, name: string) => change('Rename', client.mutation(RenameView, { id, name }).toPromise()),
    remove: (id: string) => change('Delete the view', client.mutation(DeleteView, { id }).toPromise()),
  };
}

function isFailure(outcome: { __typename: string }): outcome is FailureResult {
  return 'message' in outcome;
}
