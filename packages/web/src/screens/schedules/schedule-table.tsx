import table from '../../app/data-table.module.css';
import type { Schedule } from './documents.ts';
import { ScheduleRow } from './schedule-row.tsx';

interface Props {
  schedules: readonly Schedule[];
  mayOperate: boolean;
  /** The id of the one that a link leads to. */
  sought: string | undefined;
}

/** The schedules by name. */
export function ScheduleTable({ schedules, mayOperate, sought }: Props) {
  return (
    <div className={table.frame}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Schedule</th>
            <th scope="col">When</th>
            <th scope="col">Next run</th>
            <th scope="col">Last runs</th>
            <th scope="col">On</th>
            <th scope="col">
              <span className="sb-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {schedules.map((schedule) => (
            <ScheduleRow
              key={schedule.id}
              schedule={schedule}
              mayOperate={mayOperate}
              sought={schedule.id === sought}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
