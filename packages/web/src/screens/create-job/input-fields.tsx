import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useQuery } from 'urql';
import { Ago } from '../../time/ago.tsx';
import classes from './dialog.module.css';
import { LastInput } from './documents.ts';
import formClasses from './form.module.css';
import { SchemaForm } from './form-theme.tsx';
import formValidator from './form-validator.ts';
import { ID_PREFIX, type InputDraft } from './use-input-draft.ts';

const JsonEditor = lazy(() => import('./json-editor.tsx'));

/** The input as a form or as JSON, and the last job's input to begin with. */
export function InputFields({ slug, draft }: { slug: string; draft: InputDraft }) {
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
        event.currentTarget.querySelector<HTMLElement>(`[id^="${ID_PREFIX}_"]:is(input, textarea)`)?.focus();
      }}
    >
      <div className={classes.inputHead}>
        <h3 className={classes.inputTitle}>Input</h3>
        {fillable && (
          <Button variant="subtle" color="gray" size="compact-xs" onClick={() => draft.fill(last.input)}>
            As in the last job&ensp;
            <Ago at={last.createdAt} />
          </Button>
        )}
        <SegmentedControl
          size="xs"
          aria-label="Input as"
          data={[
            { value: 'form', label: 'Form' },
            { value: 'json', label: 'JSON' },
          ]}
          value={draft.mode}
          onChange={(mode) => draft.show(mode === 'json' ? 'json' : 'form')}
        />
      </div>
      {draft.mode === 'json' ? (
        <Suspense fallback={<Skeleton height={200} />}>
          <JsonEditor value={draft.text} onChange={draft.changeText} label="Input as JSON" />
          <JsonIssues draft={draft} />
        </Suspense>
      ) : draft.properties.length === 0 && !draft.schema.additionalProperties ? (
        <p className={formClasses.none}>
          This workflow asks for no input. Anything it can take goes into the JSON tab.
        </p>
      ) : (
        <SchemaForm
          className={formClasses.root}
          tagName="div"
          idPrefix={ID_PREFIX}
          schema={draft.schema}
          validator={formValidator}
          formData={draft.values}
          extraErrors={draft.issues.fields}
          showErrorList={false}
          noHtml5Validate
          noValidate
          onChange={({ formData }) => draft.changeValues(formData ?? {})}
          // The dialog has the button.
          uiSchema={{ 'ui:submitButtonOptions': { norender: true } }}
        />
      )}
    </section>
  );
}

/** What is wrong with an input that has no fields to show it at. */
function JsonIssues({ draft }: { draft: InputDraft }) {
  const problems = Object.entries(draft.issues.fields).flatMap(([name, field]) =>
    messagesIn(field).map((message) => `${name} ${message}`),
  );
  const all = [...problems, ...draft.issues.others];
  if (all.length === 0) return null;
  return (
    <ul className={classes.issues}>
      {all.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

function messagesIn(field: unknown): string[] {
  if (typeof field !== 'object' || field === null) return [];
  return Object.entries(field).flatMap(([name, value]) => {
    if (name === '__errors' && Array.isArray(value)) return value.map(String);
    return messagesIn(value).map((message) => `.${name} ${message}`);
  });
}
