import { Button } from '@mantine/core';
import { IconBug } from '@tabler/icons-react';
import { useRouteError } from 'react-router';
import { Message } from './message.tsx';

/** Stands in for a page that threw, or whose code could not be loaded. */
export function Crash() {
  const error = useRouteError();
  return (
    <Message
      page
      icon={<IconBug size={22} />}
      title="This page could not be shown"
      actions={
        <Button variant="primary" onClick={() => location.reload()}>
          Load it again
        </Button>
      }
    >
      {error instanceof Error ? error.message : 'The reason is not known.'}
    </Message>
  );
}
