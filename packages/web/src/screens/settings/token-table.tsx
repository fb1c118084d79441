import { Button } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { ACTIONS, DataTable } from '../../app/data-table.tsx';
import { describeError } from '../../app/failure.ts';
import type { ResultOf } from '../../app/graphql.ts';
import { ApiTokens } from './documents.ts';
import { TokenRow } from './token-row.tsx';

type Page = ResultOf<typeof ApiTokens>['apiTokens'];

const HEADS = ['Token', 'May', 'State', 'Made', 'Ends', 'Last used', ACTIONS];

/** The tokens, the newest first, as many of them as were asked for. */
export function TokenTable({ page }: { page: Page }) {
  return (
    <DataTable heads={HEADS}>
      <Rows page={page} shown={0} />
    </DataTable>
  );
}

/** The rows of a page, and behind them those of the next one, or the button that asks for them. */
function Rows({ page: { edges, pageInfo, totalCount }, shown }: { page: Page; shown: number }) {
  const here = shown + edges.length;
  return (
    <>
      {edges.map(({ node }) => (
        <TokenRow key={node.id} token={node} />
      ))}
      {pageInfo.hasNextPage && pageInfo.endCursor !== null && (
        <Next key={pageInfo.endCursor} after={pageInfo.endCursor} shown={here} rest={totalCount - here} />
      )}
    </>
  );
}

function Next({ after, shown, rest }: { after: string; shown: number; rest: number }) {
  const [wanted, setWanted] = useState(false);
  const [{ data, error, fetching }] = useQuery({ query: ApiTokens, variables: { after }, pause: !wanted });
  if (data) return <Rows page={data.apiTokens} shown={shown} />;
  return (
    <tr>
      <td colSpan={HEADS.length} data-wide>
        <Button loading={fetching} onClick={() => setWanted(true)}>
          {rest} more
        </Button>
        {error && <p role="alert">{describeError(error).message}</p>}
      </td>
    </tr>
  );
}
