import { ActionIcon, Button, Switch, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconPencil, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { useDialogPlace } from '../../app/use-dialog-place.ts';
import { Ago } from '../../time/ago.tsx';
import { Until } from '../../time/until.tsx';
import { RecentMarks } from '../workflow/recent-marks.tsx';
import type { Schedule } from './documents.ts';
import classes from './screen.module.css';
import { useScheduleActions } from './use-schedule-actions.tsx';
import { When } from './when.tsx';

interface Props {
  schedule: Schedule;
  mayOperate: boolean;
  /** Whether a link led here. */
  sought: boolean;
}

/** A schedule, and below it why its last run made no job. */
export function ScheduleRow({ schedule, mayOperate, sought }: Props) {
  const { id, name, workflow, active, nextRunAt, lastRunAt, lastProblem, jobs } = schedule;
  const { setActive, run, remove } = useScheduleActions(schedule);
  const { edit } = useDialogPlace();
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (sought) row.current?.scrollIntoView({ block: 'center' });
  }, [sought]);

  return (
    <>
      <tr
        ref={row}
        className={classes.row}
        data-sought={sought || undefined}
        data-problem={lastProblem !== null || undefined}
      >
        <th scope="row" className={classes.what}>
          <span className={active ? undefined : classes.off}>{name}</span>
          <Link className={classes.workflow} to={`/workflows/${workflow.slug}`} title={workflow.name}>
            {workflow.slug}
          </Link>
        </th>
        <td data-label="When" className={active ? undefined : classes.off}>
          <When {...schedule} />
        </td>
        <td data-label="Next run" className={classes.next}>
          {!active ? (
            <span className="sb-mute">off</span>
          ) : nextRunAt === null ? (
            <span className="sb-mute">{schedule.kind === 'ONCE' ? 'over' : '–'}</span>
          ) : (
            <Until at={nextRunAt} />
          )}
        </td>
        <td data-label="Last runs">
          <span className={classes.runs}>
            {jobs.length > 0 && <RecentMarks jobs={jobs} />}
            <span className="sb-mute">{lastRunAt === null ? 'none yet' : <Ago at={lastRunAt} />}</span>
          </span>
        </td>
        <td data-label="On">
          <Switch
            size="xs"
            aria-label={`${name} is on`}
            checked={active}
            disabled={!mayOperate}
            onChange={(event) => void setActive(event.currentTarget.checked)}
          />
        </td>
        <td className={classes.actions}>
          {mayOperate && (
            <span>
              <Button
                size="compact-sm"
                leftSection={<IconPlayerPlay size={13} />}
                aria-label={`Run now: ${name}`}
                onClick={() => void run()}
              >
                Run now
              </Button>
              <Tooltip label="Edit">
                <ActionIcon aria-label={`Edit ${name}`} onClick={() => edit(id)}>
                  <IconPencil size={15} />
                </ActionIcon>
              </Tooltip>
              <Tooltip label="Delete">
                <ActionIcon aria-label={`Delete ${name}`} onClick={remove}>
                  <IconTrash size={15} />
                </ActionIcon>
              </Tooltip>
            </span>
          )}
        </td>
      </tr>
      {lastProblem !== null && (
        <tr className={classes.problem}>
          <td colSpan={6}>
            <span>
              <IconAlertTriangle size={15} aria-hidden="true" />
              <span>
                <strong>The last run made no job.</strong> {lastProblem}
              </span>
              {mayOperate && (
                <Button size="compact-sm" onClick={() => edit(id)} aria-label={`Change the schedule: ${name}`}>
                  Change the schedule
                </Button>
              )}
            </span>
          </td>
        </tr>
      )}
    </>
  );
}
