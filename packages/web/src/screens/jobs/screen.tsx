import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { sumOf, useJobCounts } from '../../app/counts.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { SearchField } from '../../app/search-field.tsx';
import { useKeys } from '../../app/use-keys.ts';
import { useStable } from '../../app/use-stable.ts';
import { serverNow } from '../../time/clock.ts';
import { useCreateDialog } from '../create-job/use-create-dialog.ts';
import { ActiveFilters } from './active-filters.tsx';
import { useColumns } from './columns.ts';
import { ColumnsMenu } from './columns-menu.tsx';
import { FilterMenu } from './filter-menu.tsx';
import { leaveList } from './left-list.ts';
import { Overview } from './overview.tsx';
import classes from './screen.module.css';
import { JobTable } from './table.tsx';
import { Tabs } from './tabs.tsx';
import { filterOf, type ListView, NO_FILTERS, readView, statusesOf, writeView } from './view.ts';
import { ViewsMenu } from './views-menu.tsx';

/** The job list: all of its state stands in the URL. */
export function JobsScreen() {
  usePageTitle('Jobs');
  const [params, setParams] = useSearchParams();
  const view = readView(params);
  const columns = useColumns();
  const create = useCreateDialog();

  // A span such as "last hour" is measured from the moment at which it was chosen.
  const { tab, sort, over: _over, ...filters } = view;
  const stable = useStable(filters);
  const filter = useMemo(() => filterOf(stable, serverNow()), [stable]);
  const counts = useJobCounts(filter);
  const { createdAfter: _after, createdBefore: _before, ...timeless } = filter;

  function change(part: Partial<ListView>, replace = false) {
    setParams((now) => writeView(now, { ...readView(now), ...part }), { replace, flushSync: true });
  }

  const written = writeView(new URLSearchParams(), view).toString();
  useEffect(() => leaveList(written), [written]);

  useKeys([['/', () => document.getElementById('job-search')?.focus()]]);

  return (
    <div className={classes.screen}>
      <h1 className="sb-hidden">Jobs</h1>
      <div className={classes.toolbar}>
        <Tabs tab={tab} counts={counts} params={params} />
        <div className={classes.tools}>
          <SearchField
            id="job-search"
            label="Search jobs"
            placeholder="Workflow, subject or id"
            value={view.search}
            onChange={(search) => change({ search }, true)}
          />
          <FilterMenu view={view} onChange={(part) => change(part, true)} />
          <ColumnsMenu columns={columns} />
          <ViewsMenu view={view} columns={columns} />
          <Button
            variant="primary"
            className={classes.create}
            leftSection={<IconPlus size={15} className={classes.plus} />}
            rightSection={<kbd className="sb-key">C</kbd>}
            onClick={() => create.open()}
          >
            New job
          </Button>
        </div>
      </div>
      <ActiveFilters view={view} onChange={(part) => change(part)} onClear={() => change(NO_FILTERS)} />
      <Overview
        view={view}
        filter={tab === 'all' ? timeless : { ...timeless, status: [...statusesOf(tab)] }}
        onChange={(part) => change(part, true)}
      />
      <JobTable
        filter={filter}
        statuses={statusesOf(tab)}
        filtered={Object.keys(filter).length > 0}
        anywhere={sumOf(counts, statusesOf('all'))}
        running={(sumOf(counts, ['RUNNING', 'QUEUED']) ?? 0) > 0}
        tab={tab}
        sort={sort}
        onSort={(next) => change({ sort: next })}
        total={sumOf(counts, statusesOf(tab))}
        columns={columns}
        onClear={() => change({ ...NO_FILTERS, search: '' })}
      />
    </div>
  );
}
