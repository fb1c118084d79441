import { Select, Skeleton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useClient } from 'urql';
import { parseInput } from '../../../form/parse-input.ts';
import type { StepOnPage } from '../on-page.ts';
import classes from './again.module.css';
import { StepOutput } from './documents.ts';

const JsonEditor = lazy(() => import('../../../form/json-editor.tsx'));

interface Props {
  jobId: string;
  /** The steps that are taken over. */
  steps: readonly StepOnPage[];
  /** An object of outputs by the keys of steps; nothing when it is empty. */
  text: string;
  onChange: (text: string) => void;
}

const ANYTHING = { type: 'object' };

/** Other outputs for steps that are taken over: what if this step had said something else? */
export function OutputsField({ jobId, steps, text, onChange }: Props) {
  const client = useClient();
  // Who empties the text is about to write another one.
  const [opened, setOpened] = useState(text !== '');

  /** Puts the output that a step had into the text, to be changed there. */
  async function add(key: string): Promise<void> {
    const { data } = await client.query(StepOutput, { id: jobId, key });
    const now = parseInput(text);
    const outputs = 'input' in now ? now.input : {};
    setOpened(true);
    onChange(JSON.stringify({ ...outputs, [key]: data?.job?.step?.output ?? {} }, null, 2));
  }

  return (
    <section aria-label="Other outputs" className={classes.outputs}>
      <Select
        label="Give a step that is taken over another output"
        placeholder="Choose a step to change what it gave"
        searchable
        data={steps.map(({ key, name }) => ({ value: key, label: name === key ? key : `${name} (${key})` }))}
        value={null}
        onChange={(key) => key !== null && void add(key)}
      />
      {opened && (
        <Suspense fallback={<Skeleton height={120} />}>
          <JsonEditor value={text} onChange={onChange} label="Outputs by steps as JSON" schema={ANYTHING} issues={[]} />
        </Suspense>
      )}
    </section>
  );
}
