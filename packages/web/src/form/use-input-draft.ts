import { getDefaultFormState, type RJSFSchema } from '@rjsf/utils';
import { useMemo, useState } from 'react';
import type { JsonObject } from '../app/graphql.ts';
import { type Issue, sortIssues } from './issues.ts';
import libraryValidator from './library-validator.ts';
import { parseInput } from './parse-input.ts';
import { type FormInput, findProblems, pointerOf, withoutGaps } from './validator.ts';

/** What has been written so far. The text counts in its own mode only. */
export interface DraftState {
  values: FormInput;
  mode: 'form' | 'json';
  text: string;
}

/**
 * An object that a JSON Schema describes, while somebody writes it, as a form or as text: both are the same object.
 *
 * @param idPrefix of the ids of its fields, unlike that of any other form on the page
 * @param start where it was left; the schema's defaults unless told
 */
export function useInputDraft(inputSchema: JsonObject, idPrefix: string, start?: DraftState) {
  // The form library knows a dialect by its name only when it must: ours is always the one of the API.
  const schema = useMemo<RJSFSchema>(() => {
    const { $schema: _, ...rest } = inputSchema;
    return { type: 'object', ...rest };
  }, [inputSchema]);
  const properties = useMemo(() => Object.keys(schema.properties ?? {}), [schema]);
  const [defaults] = useState(() => defaultsOf(schema));
  const [values, setValues] = useState<FormInput>(start?.values ?? defaults);
  const [mode, setMode] = useState(start?.mode ?? 'form');
  const [text, setText] = useState(start?.text ?? '');
  const [found, setFound] = useState<readonly Issue[]>([]);
  const [failure, setFailure] = useState<string>();
  const issues = useMemo(() => sortIssues(found, properties), [found, properties]);

  function fill(input: JsonObject) {
    setValues(input);
    setText(write(input));
    setFound([]);
    setFailure(undefined);
  }

  return {
    idPrefix,
    /** What the schema gives without anybody's doing. */
    defaults,
    /** As it was given, for checks. */
    inputSchema,
    schema,
    properties,
    values,
    mode,
    text,
    /** What was found wrong when it was last checked, here or by the server; pointers into the input. */
    found,
    issues,
    failure,

    changeValues(next: FormInput) {
      setValues(next);
      setFailure(undefined);
    },

    changeText(next: string) {
      setText(next);
      setFound([]);
      setFailure(undefined);
      const parsed = parseInput(next);
      if ('input' in parsed) setValues(parsed.input);
    },

    /** Shows the other side. Text that is no JSON object keeps its side, since the form could not show it. */
    show(next: 'form' | 'json') {
      if (next === mode) return;
      if (next === 'json') setText(write(withoutGaps(values)));
      else {
        const parsed = parseInput(text);
        if ('problem' in parsed) return setFailure(parsed.problem);
      }
      setFailure(undefined);
      setMode(next);
    },

    /** Takes over an input as a whole. */
    fill,

    /** The input as it stands, whether it fits or not; undefined when its text is no JSON object. */
    now(): JsonObject | undefined {
      const parsed = mode === 'json' ? parseInput(text) : { input: withoutGaps(values) };
      if ('input' in parsed) return parsed.input;
      setFailure(parsed.problem);
      return undefined;
    },

    /** The input when it fits the schema; else what does not fit is shown and undefined comes back. */
    check(): JsonObject | undefined {
      const input = this.now();
      if (!input) return undefined;
      const problems = findProblems(inputSchema, input);
      setFound(problems.map(({ path, message }) => ({ path: pointerOf(path), message })));
      setFailure(undefined);
      if (problems.length === 0) return input;
      const [first] = problems;
      const one = first && `${first.path.join('.') || 'The input'} ${first.message}.`;
      setFailure(problems.length === 1 ? one : `${problems.length} fields need another look.`);
      if (mode === 'form' && first) document.getElementById([idPrefix, ...first.path].join('_'))?.focus();
      return undefined;
    },

    showIssues(told: readonly Issue[], message: string) {
      setFound(told);
      setFailure([message, ...sortIssues(told, properties).others].join(' '));
    },

    showFailure: setFailure,
  };
}

export type InputDraft = ReturnType<typeof useInputDraft>;

function write(input: JsonObject): string {
  return JSON.stringify(input, null, 2);
}

function defaultsOf(schema: RJSFSchema): FormInput {
  const state: unknown = getDefaultFormState(libraryValidator, schema, {}, schema);
  return typeof state === 'object' && state !== null ? { ...state } : {};
}
