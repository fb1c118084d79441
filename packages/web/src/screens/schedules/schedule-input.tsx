import { type Ref, useImperativeHandle } from 'react';
import type { JsonObject } from '../../app/graphql.ts';
import { InputFields } from '../../form/input-fields.tsx';
import { type InputDraft, useInputDraft } from '../../form/use-input-draft.ts';
import layout from '../create-job/dialog.module.css';
import classes from './form.module.css';

interface Props {
  inputSchema: JsonObject;
  /** What the schedule has; the schema's defaults when it is new. */
  start: JsonObject | undefined;
  ref: Ref<InputDraft>;
}

/** What the jobs are given. The form around it checks it by its ref. */
export function ScheduleInput({ inputSchema, start, ref }: Props) {
  const draft = useInputDraft(inputSchema, 'schedule', start && { values: start, mode: 'form', text: '' });
  useImperativeHandle(ref, () => draft);
  return (
    <section aria-label="Input" className={classes.input}>
      <InputFields
        draft={draft}
        title="Input"
        none="This workflow asks for no input. Anything it can take goes into the JSON tab."
      />
      {draft.failure !== undefined && (
        <p className={layout.failure} role="alert">
          {draft.failure}
        </p>
      )}
    </section>
  );
}
