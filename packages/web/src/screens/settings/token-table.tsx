import { Button } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import table from '../../app/data-table.module.css';
import { describeError } from '../../app/failure.ts';
import type { ResultOf } from '../../app/graphql.ts';
import { ApiTokens } from './documents.ts';
import { TokenRow } from './token-row.tsx';

type Page = ResultOf<typeof ApiTokens>['apiTokens'];

/** The tokens, the newest first, as many of them as were asked for. */
export function TokenTable({ page }: { page: Page }) {
  return (
    <div className={table.frame}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Token</th>
            <th scope="col">May</th>
            <th scope="col">State</th>
            <th scope="col">Made</th>
            <th scope="col">Ends</th>
            <th scope="col">Last used</th>
            <th scope="col">
              <span className="sb-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <Rows page={page} shown={0} />
        </tbody>
      </table>
    </div>
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
      <td colSpan={7} data-wide>
        <Button loading={fetching} onClick={() => setWanted(true)}>
          {rest} more
        </Button>
        {error && <p role="alert">{describeError(error).message}</p>}
      </td>
    </tr>
  );
}
