import { Button, Skeleton } from '@mantine/core';
import { IconTable } from '@tabler/icons-react';
import { useSearchParams } from 'react-router';
import { Failed } from '../../app/failed.tsx';
import { Message } from '../../app/message.tsx';
import { usePageTitle } from '../../app/page-title.ts';
import { rowNumbers } from '../../app/row-numbers.ts';
import { SearchField } from '../../app/search-field.tsx';
import { useKeys } from '../../app/use-keys.ts';
import { useCreateDialog } from '../create-job/use-create-dialog.ts';
import { Grid } from './grid.tsx';
import classes from './screen.module.css';
import { useSubjects } from './use-subjects.ts';

const SEARCH = 'subject-search';

/** What jobs are about: how each thing stands in each of the workflows that were run about it. */
export function SubjectsScreen() {
  usePageTitle('Subjects');
  const create = useCreateDialog();
  const [params, setParams] = useSearchParams();
  const search = params.get('q') ?? '';
  const list = useSubjects(search.trim());
  useKeys([['/', () => document.getElementById(SEARCH)?.focus()]]);

  function find(text: string) {
    setParams(
      (now) => {
        const next = new URLSearchParams(now);
        if (text === '') next.delete('q');
        else next.set('q', text);
        return next;
      },
      { replace: true },
    );
  }

  return (
    <div className={classes.screen}>
      <header className={classes.head}>
        <h1>Subjects</h1>
        {list.total !== undefined && <p className="sb-mute sb-number">{list.total.toLocaleString('en')}</p>}
        <span className={classes.search}>
          <SearchField
            id={SEARCH}
            label="Search subjects"
            placeholder="Part of a name"
            value={search}
            onChange={find}
          />
        </span>
      </header>
      <div className={classes.panel}>
        {list.error && !list.subjects ? (
          <Failed error={list.error} retry={list.refresh} />
        ) : !list.subjects ? (
          <Loading />
        ) : list.subjects.length > 0 ? (
          <Grid key={search} list={list} subjects={list.subjects} />
        ) : search === '' ? (
          <Message
            icon={<IconTable size={22} />}
            title="No job is about anything yet"
            actions={
              <Button variant="primary" onClick={() => create.open()}>
                New job
              </Button>
            }
          >
            Give jobs a subject, such as a customer, a document or a release. Each then gets a row here that shows how
            it stands in every workflow that was run about it.
          </Message>
        ) : (
          <Message
            icon={<IconTable size={22} />}
            title="No subject matches"
            actions={<Button onClick={() => find('')}>Show all</Button>}
          />
        )}
      </div>
    </div>
  );
}

function Loading() {
  return (
    <div aria-hidden="true">
      {rowNumbers(8).map((row) => (
        <div key={row} className={classes.skeleton}>
          <Skeleton height={12} width={130 + (row % 3) * 24} />
          <Skeleton height={12} width={90} />
          <Skeleton height={12} width={90} />
        </div>
      ))}
    </div>
  );
}
