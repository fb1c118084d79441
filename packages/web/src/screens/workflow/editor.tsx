import { Button, Skeleton } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { useKept } from '../../app/use-kept.ts';
import {
  addStep,
  asSteps,
  freshKey,
  removeStep,
  renameStep,
  setConfigField,
  setNeeds,
  setStepField,
} from '../../source/edit.ts';
import { readSource, type Source, type SourceStep } from '../../source/read.ts';
import { type StepTypeInfo, useStepTypes } from '../../step-types/use-step-types.ts';
import { AddStep } from './add-step.tsx';
import Drawing from './drawing.tsx';
import classes from './editor.module.css';
import { EditorState, Issues } from './editor-state.tsx';
import { StepForm } from './step-form.tsx';
import { useValidation, type Validation } from './use-validation.ts';
import YamlEditor, { type Place } from './yaml-editor.tsx';

const Difference = lazy(() => import('./difference.tsx'));

interface Props {
  text: string;
  onChange: (text: string) => void;
  /** The text to compare with. */
  saved: string | undefined;
  /** What stands before the buttons of the editor: its save button and what goes with it. */
  children: (validation: Validation) => ReactNode;
}

/** A workflow as text and as a drawing, side by side: what is changed in one is changed in the other. */
export function Editor({ text, onChange, saved, children }: Props) {
  const { list, byType } = useStepTypes();
  const validation = useValidation(text);
  const [selected, setSelected] = useState<string>();
  const [goTo, setGoTo] = useState<Place>();
  const [comparing, setComparing] = useState(false);
  const now = useMemo(() => readSource(text), [text]);
  // While a text cannot be read, the drawing stays what it was.
  const source = useKept({ data: now }) ?? EMPTY;
  const { steps, drawn } = source;
  const step = steps.find(({ key }) => key === selected);
  const editable = now !== undefined && !drawn;

  function change(edit: (source: Source) => string | undefined) {
    const next = now && edit(now);
    if (next !== undefined && next !== text) onChange(next);
  }

  function add(type: StepTypeInfo) {
    const key = freshKey(steps, type.type);
    const needs = selected !== undefined ? [selected] : steps.slice(-1).map((last) => last.key);
    if (!now) return;
    const next = addStep(now, { key, type: type.type, needs, with: {} });
    onChange(next);
    setSelected(key);
    show(readSource(next)?.steps.find((known) => known.key === key));
  }

  function select(key: string) {
    setSelected(key);
    show(steps.find((known) => known.key === key));
  }

  /** Shows where a step stands in the text. */
  function show(known: SourceStep | undefined) {
    if (known) setGoTo({ at: known.from, focus: false });
  }

  /** Follows the cursor of the text. */
  function follow(at: number) {
    const here = steps.findLast(({ from }) => from <= at);
    const list = source.document.get('steps', true);
    const end =
      list && typeof list === 'object' && 'range' in list && Array.isArray(list.range) ? Number(list.range[1]) : 0;
    if (here && at <= end && here.key !== selected && selected !== undefined) setSelected(here.key);
  }

  return (
    <div className={classes.root}>
      <div className={classes.bar}>
        <EditorState validation={validation} readable={now !== undefined} />
        <span className={classes.tools}>
          {saved !== undefined && saved !== text && (
            <Button variant="subtle" color="gray" aria-pressed={comparing} onClick={() => setComparing(!comparing)}>
              {comparing ? 'Back to the text' : 'What changed'}
            </Button>
          )}
          {drawn ? (
            <Button disabled={!now} onClick={() => change(asSteps)}>
              Write it as steps
            </Button>
          ) : (
            editable && <AddStep types={list} onAdd={add} />
          )}
          {children(validation)}
        </span>
      </div>
      <div className={classes.split}>
        <div className={classes.left}>
          {comparing && saved !== undefined ? (
            <div className={classes.compare}>
              <Suspense fallback={<Skeleton height={320} />}>
                <Difference before={saved} after={text} label="What changed" />
              </Suspense>
            </div>
          ) : (
            <YamlEditor
              value={text}
              onChange={onChange}
              issues={validation.issues}
              types={list}
              goTo={goTo}
              onCursor={follow}
            />
          )}
          <Issues validation={validation} onGo={(at) => setGoTo({ at, focus: true })} text={text} />
        </div>
        <div className={classes.right} data-open={step !== undefined}>
          <div className={classes.canvas}>
            <Drawing
              steps={steps}
              types={byType}
              selected={selected}
              onSelect={select}
              {...(editable && {
                onConnect: (key: string, need: string) =>
                  change((latest) => setNeeds(latest, key, [...needsOf(latest, key), need])),
                onDisconnect: (key: string, need: string) =>
                  change((latest) =>
                    setNeeds(
                      latest,
                      key,
                      needsOf(latest, key).filter((other) => other !== need),
                    ),
                  ),
              })}
            />
            {steps.length === 0 && <p className={classes.none}>No steps yet. Add one, or write it on the left.</p>}
            {drawn && (
              <p className={classes.note}>
                Written as nodes and edges: change its text, or write it as steps to draw here.
              </p>
            )}
          </div>
          {step && editable && (
            <StepForm
              // Not its key, which can be changed here: the form would begin anew under the reader's hands.
              key={steps.indexOf(step)}
              step={step}
              steps={steps}
              info={byType.get(step.type)}
              onRename={(to) => {
                change((latest) => renameStep(latest, step.key, to));
                setSelected(to);
              }}
              onField={(name, value) => change((latest) => setStepField(latest, step.key, name, value))}
              onNeeds={(needs) => change((latest) => setNeeds(latest, step.key, needs))}
              onConfig={(name, value) => change((latest) => setConfigField(latest, step.key, name, value))}
              onDelete={() => {
                change((latest) => removeStep(latest, step.key));
                setSelected(undefined);
              }}
              onClose={() => setSelected(undefined)}
            />
          )}
        </div>
      </div>
    </div>
  );
}

const EMPTY: Source = readSource('') ?? never();

function never(): never {
  throw new Error('An empty text is a source without steps.');
}

function needsOf({ steps }: Source, key: string): string[] {
  return steps.find((step) => step.key === key)?.needs ?? [];
}
