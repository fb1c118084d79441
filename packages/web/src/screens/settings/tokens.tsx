import { Button } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { Suspense } from 'react';
import { useQuery } from 'urql';
import { Failed } from '../../app/failed.tsx';
import { LoadingRows } from '../../app/loading-rows.tsx';
import { Message } from '../../app/message.tsx';
import { Preloaded, preloadable } from '../../app/preloaded.tsx';
import { useDialogPlace } from '../../app/use-dialog-place.ts';
import { useKept } from '../../app/use-kept.ts';
import { useViewer } from '../../app/viewer.ts';
import { useHeal } from '../../live/use-heal.ts';
import { ApiTokens } from './documents.ts';
import classes from './screen.module.css';
import { TokenTable } from './token-table.tsx';

const dialog = preloadable(() => import('./token-dialog.tsx'));

/** The tokens by which programs and people come in, and a button that makes one. */
export function Tokens() {
  const { create, creates } = useDialogPlace();
  const [result, read] = useQuery({ query: ApiTokens, variables: {}, requestPolicy: 'cache-and-network' });
  const page = useKept(result)?.apiTokens;
  const reload = () => read({ requestPolicy: 'network-only' });
  useHeal(reload);
  const local = useViewer()?.signedInBy === 'LOCAL';
  const newToken = (
    <Button variant="primary" leftSection={<IconPlus size={15} />} onClick={create} onPointerEnter={dialog.preload}>
      New token
    </Button>
  );

  if (result.error && !page) return <Failed error={result.error} retry={reload} />;
  return (
    <>
      <div className={classes.head}>
        <p className="sb-mute">
          A token lets a program in, or a person: as the header <code className="sb-mono">Authorization: Bearer …</code>{' '}
          of each request.
          {local && ' Authentication is off now: whoever reaches this address may do everything without one.'}
        </p>
        {page && page.edges.length > 0 && newToken}
      </div>
      {!page ? (
        <LoadingRows label="Loading the API tokens" />
      ) : page.edges.length === 0 ? (
        <div className={classes.none}>
          <Message icon={<IconKey size={22} />} title="No API tokens yet" actions={newToken}>
            A token has a name, says how much its bearer may do, and can be revoked at any time. Its text is shown once.
          </Message>
        </div>
      ) : (
        <TokenTable page={page} />
      )}
      <Suspense>{creates && <Preloaded of={dialog} props={{}} />}</Suspense>
    </>
  );
}
