import { SegmentedControl, Skeleton } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import classes from './input-fields.module.css';
import { SchemaFields } from './schema-fields.tsx';
import type { InputDraft } from './use-input-draft.ts';

const JsonEditor = lazy(() => import('./json-editor.tsx'));

interface Props {
  draft: InputDraft;
  title: string;
  /** What is said in the place of a form that has no field. */
  none: string;
  /** Ways to fill it. */
  children?: ReactNode;
}

/** An input as a form or as JSON, one in step with the other. */
export function InputFields({ draft, title, none, children }: Props) {
  return (
    <>
      <div className={classes.head}>
        <h3 className={classes.title}>{title}</h3>
        {children}
        <SegmentedControl
          size="xs"
          aria-label={`${title} as`}
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
          <JsonEditor
            value={draft.text}
            onChange={draft.changeText}
            label={`${title} as JSON`}
            schema={draft.inputSchema}
            issues={draft.found}
          />
        </Suspense>
      ) : draft.properties.length === 0 && !draft.schema.additionalProperties ? (
        <p className={classes.none}>{none}</p>
      ) : (
        <SchemaFields draft={draft} />
      )}
    </>
  );
}
