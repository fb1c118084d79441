import { json, jsonParseLinter } from '@codemirror/lang-json';
import { syntaxTree } from '@codemirror/language';
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint';
import type { EditorView } from '@codemirror/view';
import CodeMirror from '@uiw/react-codemirror';
import { useMemo } from 'react';
import { editorBasics } from '../app/editor-theme.ts';
import type { JsonObject } from '../app/graphql.ts';
import type { Issue } from './issues.ts';
import { placeOf } from './json-places.ts';
import { parseInput } from './parse-input.ts';
import { findProblems, parsePointer } from './validator.ts';

interface Props {
  value: string;
  onChange: (value: string) => void;
  label: string;
  /** What the text has to fit; it is marked where it does not. */
  schema: JsonObject;
  /** What somebody else has found wrong, the server above all. */
  issues: readonly Issue[];
}

/** A text editor for JSON that marks its lines. In a file of its own, so that it is loaded when it is wanted. */
export default function JsonEditor({ value, onChange, label, schema, issues }: Props) {
  const extensions = useMemo(
    () => [
      json(),
      lintGutter(),
      linter((view) => diagnose(view, schema, issues), { delay: 250 }),
      ...editorBasics(label),
    ],
    [label, schema, issues],
  );
  return (
    <CodeMirror
      value={value}
      onChange={onChange}
      theme="none"
      minHeight="200px"
      maxHeight="44dvh"
      basicSetup={{ foldGutter: false, highlightActiveLine: false, syntaxHighlighting: false }}
      extensions={extensions}
    />
  );
}

const parseError = jsonParseLinter();

function diagnose(view: EditorView, schema: JsonObject, issues: readonly Issue[]): Diagnostic[] {
  const text = view.state.doc.toString();
  if (text.trim() === '') return [];
  const parsed = parseInput(text);
  if ('problem' in parsed) {
    const errors = parseError(view);
    return errors.length > 0 ? errors : [{ from: 0, to: text.length, severity: 'error', message: parsed.problem }];
  }
  const own = findProblems(schema, parsed.input);
  const others = issues.map(({ path, message }) => ({ path: parsePointer(path), message }));
  const tree = syntaxTree(view.state);
  const seen = new Set<string>();
  return [...own, ...others].flatMap(({ path, message }) => {
    const words = `${path.join('.') || 'The input'}: ${message}`;
    if (seen.has(words)) return [];
    seen.add(words);
    return [{ ...placeOf(tree, view.state.doc, path), severity: 'error', message: words }];
  });
}
