import { type ReactNode, useEffect, useRef } from 'react';
import { InputFields } from '../../form/input-fields.tsx';
import type { InputDraft } from '../../form/use-input-draft.ts';
import classes from './dialog.module.css';

/** The input as a form or as JSON, with ways to fill and to keep it. */
export function InputSection({ draft, children }: { draft: InputDraft; children: ReactNode }) {
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
        {children}
      </InputFields>
    </section>
  );
}
