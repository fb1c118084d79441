import { Button } from '@mantine/core';
import { IconBug } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useRouteError } from 'react-router';
import { Message } from './message.tsx';
import { usePageTitle } from './page-title.ts';

/** Browsers say so when a file of the app is not there any more: a newer version is. */
const GONE = /dynamically imported module|importing a module script failed|error loading dynamically/i;
const LOADED_AGAIN = 'signalbox.loaded-again';

/** Stands in for a page that threw, or whose code could not be loaded. */
export function Crash() {
  const error = useRouteError();
  const message = error instanceof Error ? error.message : 'The reason is not known.';
  const gone = GONE.test(message);
  usePageTitle('Something went wrong');
  useEffect(() => {
    if (gone) void loadAgain();
  }, [gone]);
  return (
    <Message
      page
      icon={<IconBug size={22} />}
      title={gone ? 'This page could not be loaded' : 'This page could not be shown'}
      actions={
        <>
          <Button variant="primary" onClick={() => location.reload()}>
            Load it again
          </Button>
          {/* The app may be beyond use: a whole new page. */}
          <Button component="a" href="/jobs">
            All jobs
          </Button>
        </>
      }
    >
      {gone ? 'The server may have a newer version, or cannot be reached.' : message}
    </Message>
  );
}

/** Loads the page again if the server is there: else the browser's own page about that would stand in its place. */
async function loadAgain(): Promise<void> {
  const answer = await fetch(location.href).catch(() => undefined);
  if (answer?.ok && firstTime()) location.reload();
}

/** Whether the page has not loaded itself again lately, so that it never does so for ever. */
function firstTime(): boolean {
  try {
    const before = Number(sessionStorage.getItem(LOADED_AGAIN) ?? 0);
    sessionStorage.setItem(LOADED_AGAIN, String(Date.now()));
    return Date.now() - before > 60_000;
  } catch {
    return false;
  }
}
