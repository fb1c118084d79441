import '@mantine/core/styles/Switch.layer.css';
import { Button } from '@mantine/core';
import { IconCalendarClock, IconPlus } from '@tabler/icons-react';
import { Suspense } from 'react';
import { useSearchParams } from 'react-router';
import { Denied } from '../../app/denied.tsx';
import { Failed } from '../../app/failed.tsx';
import { LoadingRows } from '../../app/loading-rows.tsx';
import { Message } from '../../app/message.tsx';
import { usePageTitle } from '../../app/page-title.ts';
import { Preloaded, preloadable } from '../../app/preloaded.tsx';
import { useDialogPlace } from '../../app/use-dialog-place.ts';
import { useViewer } from '../../app/viewer.ts';
import { ScheduleTable } from './schedule-table.tsx';
import classes from './screen.module.css';
import { useSchedules } from './use-schedules.ts';

const dialog = preloadable(() => import('./dialog.tsx'));

/** What makes jobs by itself: when, how that went, and what comes next. */
export function SchedulesScreen() {
  usePageTitle('Schedules');
  const { schedules, error, reload } = useSchedules();
  const { create, creates, edits, close } = useDialogPlace();
  // Until it is known, most people may: the server has the last word.
  const mayOperate = useViewer()?.scopes.includes('OPERATE') ?? true;
  const [params] = useSearchParams();
  const edited = schedules?.find(({ id }) => id === edits);
  const opened = creates || (edits !== undefined && schedules !== undefined);
  const newSchedule = (
    <Button variant="primary" leftSection={<IconPlus size={15} />} onClick={create} onPointerEnter={dialog.preload}>
      New schedule
    </Button>
  );

  if (error && !schedules) return <Failed page error={error} retry={reload} />;
  return (
    <div className={classes.screen}>
      <header className={classes.head}>
        <h1>Schedules</h1>
        {schedules && schedules.length > 0 && (
          <p className="sb-mute sb-number">
            {schedules.filter(({ active }) => active).length} of {schedules.length} on
          </p>
        )}
        <span className={classes.new}>{schedules?.length !== 0 && newSchedule}</span>
      </header>
      {!schedules ? (
        <LoadingRows label="Loading the schedules" />
      ) : schedules.length === 0 ? (
        <div className={classes.none}>
          <Message icon={<IconCalendarClock size={22} />} title="Nothing is scheduled" actions={newSchedule}>
            A schedule makes jobs of a workflow by itself: once at a certain time, again and again after a pause, or by
            a cron pattern, such as every working day at half past six.
          </Message>
        </div>
      ) : (
        <ScheduleTable schedules={schedules} mayOperate={mayOperate} sought={params.get('id') ?? undefined} />
      )}
      <Suspense>
        {opened &&
          (mayOperate ? (
            <Preloaded key={edits} of={dialog} props={{ schedule: edited }} />
          ) : (
            <Denied title="You may not change schedules" needs="OPERATE" onClose={close} />
          ))}
      </Suspense>
    </div>
  );
}
