import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import type { JsonObject } from '../../../app/graphql.ts';
import { InputFields } from '../../../form/input-fields.tsx';
import { parseInput } from '../../../form/parse-input.ts';
import { useInputDraft } from '../../../form/use-input-draft.ts';
import type { JobOnPage, StepOnPage } from '../on-page.ts';
import classes from './again.module.css';
import { type Again, again } from './again.ts';
import { OutputsField } from './outputs-field.tsx';
import { stepsThatRunAgain } from './runs-again.ts';
import { useRepeat } from './use-repeat.ts';

interface Props {
  job: JobOnPage;
  steps: readonly StepOnPage[];
  asked: Again;
  input: JsonObject;
  schema: JsonObject;
}

export function AgainForm({ job, steps, asked, input, schema }: Props) {
  const draft = useInputDraft(schema, 'again', { values: input, mode: 'form', text: JSON.stringify(input, null, 2) });
  const own = steps.filter(({ itemIndex }) => itemIndex === null);
  const [from, setFrom] = useState(asked.mode === 'fork' ? asked.step : undefined);
  const [outputs, setOutputs] = useState('');
  const { repeat, sending } = useRepeat(job.id);
  const forks = asked.mode === 'fork';
  const runs = stepsThatRunAgain(steps, from);
  const taken = own.filter(({ key, status }) => status === 'COMPLETED' && !runs.has(key));

  async function submit() {
    const checked = draft.check();
    if (!checked || sending) return;
    const given = parseInput(outputs);
    if ('problem' in given) return draft.showFailure(`Other outputs: ${given.problem}`);
    if (forks && from === undefined) return draft.showFailure('Choose the step to begin with.');
    const changed = JSON.stringify(checked) === JSON.stringify(input) ? undefined : checked;
    const outcome = await repeat(
      forks && from !== undefined
        ? { fromStep: from, input: changed, outputs: outputs.trim() === '' ? undefined : given.input }
        : { input: changed },
    );
    if (outcome === undefined) return;
    if (outcome.issues) draft.showIssues(outcome.issues, outcome.message);
    else draft.showFailure(outcome.message);
  }

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className={classes.scroll}>
        {forks && (
          <>
            <Select
              label="First step that runs again"
              searchable
              data={own.map(({ key, name }) => ({ value: key, label: name === key ? key : `${name} (${key})` }))}
              value={from ?? null}
              onChange={(key) => setFrom(key ?? undefined)}
            />
            {from !== undefined && (
              <p className={classes.plan}>
                {runs.size} of {own.length} steps run again.{' '}
                {taken.length > 0 ? `Taken over with their output: ${namesOf(taken)}.` : 'None is taken over.'}
              </p>
            )}
          </>
        )}
        <section aria-label="Input">
          <InputFields draft={draft} title="Input" none="This workflow asks for no input." />
        </section>
        {forks && taken.length > 0 && (
          <OutputsField jobId={job.id} steps={taken} text={outputs} onChange={setOutputs} />
        )}
      </div>
      <div className={classes.footer}>
        {draft.failure !== undefined && (
          <p className={classes.failure} role="alert">
            {draft.failure}
          </p>
        )}
        <Button className={classes.cancel} onClick={() => again.set(undefined)}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" loading={sending}>
          Start the new job
        </Button>
      </div>
    </form>
  );
}

function namesOf(steps: readonly StepOnPage[]): string {
  const names = steps.slice(0, 6).map(({ name }) => name);
  return steps.length > names.length ? `${names.join(', ')} and ${steps.length - names.length} more` : names.join(', ');
}
