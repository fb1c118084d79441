import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useQuery } from 'urql';
import { InputFields } from '../../form/input-fields.tsx';
import type { InputDraft } from '../../form/use-input-draft.ts';
import { Ago } from '../../time/ago.tsx';
import classes from './dialog.module.css';
import { LastInput } from './documents.ts';

/** The input as a form or as JSON, and the last job's input to begin with. */
export function InputSection({ slug, draft }: { slug: string; draft: InputDraft }) {
  const [{ data }] = useQuery({ query: LastInput, variables: { slug }, requestPolicy: 'network-only' });
  const last = data?.jobs.edges[0]?.node;
  const fillable = last !== undefined && Object.keys(last.input).length > 0;

  // Choosing a workflow leads on to its first field.
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), []);

  return (
    <section
      ref={section}
      aria-label="Input"
      className={classes.input}
      tabIndex={-1}
      data-autofocus
      onFocus={(event) => {
        if (event.target !== event.currentTarget) return;
        event.currentTarget.querySelector<HTMLElement>(`[id^="${draft.idPrefix}_"]:is(input, textarea)`)?.focus();
      }}
    >
      <InputFields
        draft={draft}
        title="Input"
        none="This workflow asks for no input. Anything it can take goes into the JSON tab."
      >
        {fillable && (
          <Button variant="subtle" color="gray" size="compact-xs" onClick={() => draft.fill(last.input)}>
            As in the last job&ensp;
            <Ago at={last.createdAt} />
          </Button>
        )}
      </InputFields>
    </section>
  );
}
