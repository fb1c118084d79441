import type { Json } from '../../app/graphql.ts';
import { JsonView } from '../../json/json-view.tsx';
import classes from './compare.module.css';
import type { Compared } from './documents.ts';
import { rowsOf } from './rows.ts';

interface Props {
  title: string;
  jobs: readonly Compared[];
  pick: (job: Compared) => Json | undefined;
  onlyDifferent: boolean;
}

/** The input or the output of the jobs, part by part. */
export function Values({ title, jobs, pick, onlyDifferent }: Props) {
  const rows = rowsOf(jobs.map(pick));
  const shown = rows.filter(({ differs }) => differs || !onlyDifferent);
  return (
    <tbody>
      <tr className={classes.section}>
        <th scope="rowgroup" colSpan={jobs.length + 1}>
          {title}
        </th>
      </tr>
      {shown.map(({ name, values, differs }) => (
        <tr key={name} data-differs={differs || undefined}>
          <th scope="row" className="sb-mono">
            {name || 'all of it'}
          </th>
          {values.map((value, index) => (
            <td key={jobs[index]?.id}>
              {value === undefined ? <span className="sb-faint">none</span> : <JsonView value={value} openTo={1} />}
            </td>
          ))}
        </tr>
      ))}
      {shown.length === 0 && (
        <tr>
          <td colSpan={jobs.length + 1} className="sb-mute">
            {rows.length === 0 ? 'None of them has any.' : 'The same in all of them.'}
          </td>
        </tr>
      )}
    </tbody>
  );
}
