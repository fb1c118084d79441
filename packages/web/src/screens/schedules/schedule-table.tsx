import { ACTIONS, DataTable } from '../../app/data-table.tsx';
import type { Schedule } from './documents.ts';
import { ScheduleRow } from './schedule-row.tsx';

const HEADS = ['Schedule', 'When', 'Next run', 'Last runs', 'On', ACTIONS];

interface Props {
  schedules: readonly Schedule[];
  mayOperate: boolean;
  /** The id of the one that a link leads to. */
  sought: string | undefined;
}

/** The schedules by name. */
export function ScheduleTable({ schedules, mayOperate, sought }: Props) {
  return (
    <DataTable heads={HEADS}>
      {schedules.map((schedule) => (
        <ScheduleRow key={schedule.id} schedule={schedule} mayOperate={mayOperate} sought={schedule.id === sought} />
      ))}
    </DataTable>
  );
}
