import { getDefaultFormState, type RJSFSchema } from '@rjsf/utils';
import { useMemo, useState } from 'react';
import type { JsonObject } from '../../app/graphql.ts';
import { parseInput } from './draft.ts';
import formValidator from './form-validator.ts';
import { type SortedIssues, sortIssues } from './issues.ts';
import { type FormInput, findProblems, withoutGaps } from './validator.ts';

/** Fields have ids of this and their path. */
export const ID_PREFIX = 'input';

const NO_ISSUES: SortedIssues = { fields: {}, others: [] };

/**
 * The input of a new job while it is written, as a form or as text: both are the same input.
 *
 * @param idPrefix of the ids of its fields, where another form may be on the page
 */
export function useInputDraft(inputSchema: JsonObject, idPrefix = ID_PREFIX) {
  // The form library knows a dialect by its name only when it must: ours is always the one of the API.
  const schema = useMemo<RJSFSchema>(() => {
    const { $schema: _, ...rest } = inputSchema;
    return { type: 'object', ...rest };
  }, [inputSchema]);
  const properties = useMemo(() => Object.keys(schema.properties ?? {}), [schema]);
  const [values, setValues] = useState<FormInput>(() => defaultsOf(schema));
  const [mode, setMode] = useState<'form' | 'json'>('form');
  const [text, setText] = useState('');
  const [issues, setIssues] = useState(NO_ISSUES);
  const [failure, setFailure] = useState<string>();

  function setProblems(problems: readonly { path: (string | number)[]; message: string }[]) {
    setIssues(
      sortIssues(
        problems.map(({ path, message }) => ({ path: path.map((part) => `/${part}`).join(''), message })),
        properties,
      ),
    );
  }

  return {
    schema,
    properties,
    values,
    mode,
    text,
    issues,
    failure,

    changeValues(next: FormInput) {
      setValues(next);
      setFailure(undefined);
    },

    changeText(next: string) {
      setText(next);
      setFailure(undefined);
      const parsed = parseInput(next);
      if ('input' in parsed) setValues(parsed.input);
    },

    /** Shows the other side. Text that is no JSON object keeps its side, since the form could not show it. */
    show(next: 'form' | 'json') {
      if (next === mode) return;
      if (next === 'json') setText(JSON.stringify(withoutGaps(values), null, 2));
      else {
        const parsed = parseInput(text);
        if ('problem' in parsed) return setFailure(parsed.problem);
      }
      setFailure(undefined);
      setMode(next);
    },

    /** Takes over an input as a whole. */
    fill(input: JsonObject) {
      setValues(input);
      setText(JSON.stringify(input, null, 2));
      setIssues(NO_ISSUES);
      setFailure(undefined);
    },

    /** The input when it fits the schema; else what does not fit is shown and undefined comes back. */
    check(): JsonObject | undefined {
      const parsed = mode === 'json' ? parseInput(text) : { input: withoutGaps(values) };
      if ('problem' in parsed) {
        setFailure(parsed.problem);
        return undefined;
      }
      const problems = findProblems(inputSchema, parsed.input);
      setProblems(problems);
      setFailure(undefined);
      if (problems.length === 0) return parsed.input;
      const [first] = problems;
      const one = first && `${first.path.join('.') || 'The input'} ${first.message}.`;
      setFailure(problems.length === 1 ? one : `${problems.length} fields need another look.`);
      if (mode === 'form' && first) document.getElementById([idPrefix, ...first.path].join('_'))?.focus();
      return undefined;
    },

    showIssues(found: readonly { path: string; message: string }[], message: string) {
      const sorted = sortIssues(found, properties);
      setIssues(sorted);
      setFailure([message, ...sorted.others].join(' '));
    },

    showFailure: setFailure,
  };
}

export type InputDraft = ReturnType<typeof useInputDraft>;

function defaultsOf(schema: RJSFSchema): FormInput {
  const state: unknown = getDefaultFormState(formValidator, schema, {}, schema);
  return typeof state === 'object' && state !== null ? { ...state } : {};
}
