import { Button } from '@mantine/core';
import { IconLock, IconPlugConnectedX } from '@tabler/icons-react';
import type { CombinedError } from '@urql/core';
import { Link } from 'react-router';
import { describeError } from './failure.ts';
import { Message } from './message.tsx';

/** Says why something could not be read, with a button to try again where that can help. */
export function Failed({ error, retry, page }: { error: CombinedError; retry: () => void; page?: boolean }) {
  const failure = describeError(error);
  return (
    <Message
      page={page}
      icon={failure.retry ? <IconPlugConnectedX size={22} /> : <IconLock size={22} />}
      title={failure.title}
      actions={
        failure.retry ? (
          <Button variant="primary" onClick={retry}>
            Try again
          </Button>
        ) : (
          page && (
            <Button component={Link} to="/jobs" variant="primary">
              All jobs
            </Button>
          )
        )
      }
    >
      {failure.message}
    </Message>
  );
}
