import { autocompletion, type CompletionContext } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorView } from '@codemirror/view';
import CodeMirror, { type ReactCodeMirrorRef } from '@uiw/react-codemirror';
import { useEffect, useMemo, useRef } from 'react';
import { editorBasics } from '../../app/editor-theme.ts';
import { type KnownStepType, suggestAt } from '../../source/complete.ts';
import type { SourceIssue } from './documents.ts';
import classes from './editor.module.css';

/** A place in the text to be shown; a new object for each time. */
export interface Place {
  at: number;
  /** Whether one goes on writing there. */
  focus: boolean;
}

interface Props {
  value: string;
  onChange: (value: string) => void;
  issues: readonly SourceIssue[];
  types: readonly KnownStepType[];
  /** The place to show. */
  goTo: Place | undefined;
  /** Where the cursor is now. */
  onCursor: (at: number) => void;
}

/** The text of a workflow: completed as it is typed, and marked where the server finds something wrong. */
export default function YamlEditor({ value, onChange, issues, types, goTo, onCursor }: Props) {
  const editor = useRef<ReactCodeMirrorRef>(null);
  const extensions = useMemo(
    () => [
      yaml(),
      lintGutter(),
      autocompletion({
        override: [(context) => complete(context, types)],
        icons: false,
        activateOnTyping: true,
      }),
      ...editorBasics('Source of the workflow'),
    ],
    [types],
  );

  useEffect(() => {
    const view = editor.current?.view;
    if (view) view.dispatch(setDiagnostics(view.state, diagnose(view, issues)));
  }, [issues]);

  useEffect(() => {
    const view = editor.current?.view;
    if (!view || !goTo) return;
    const at = Math.min(goTo.at, view.state.doc.length);
    view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
    if (goTo.focus) view.focus();
  }, [goTo]);

  return (
    <CodeMirror
      ref={editor}
      className={classes.text}
      height="100%"
      value={value}
      onChange={onChange}
      onUpdate={(update) => update.selectionSet && onCursor(update.state.selection.main.head)}
      onCreateEditor={(view) => view.dispatch(setDiagnostics(view.state, diagnose(view, issues)))}
      theme="none"
      basicSetup={{ highlightActiveLine: false, syntaxHighlighting: false, autocompletion: false, lintKeymap: true }}
      extensions={extensions}
    />
  );
}

function complete(context: CompletionContext, types: readonly KnownStepType[]) {
  const suggestions = suggestAt(context.state.doc.toString(), context.pos, types);
  if (!suggestions) return null;
  // Nothing pops up on an empty place unless it is asked for, or something was just opened.
  const before = context.state.sliceDoc(Math.max(0, context.pos - 4), context.pos);
  if (!context.explicit && suggestions.from === context.pos && !/(\.|\{\{ ?|: |\[)$/.test(before)) return null;
  return { from: suggestions.from, options: suggestions.options };
}

function diagnose({ state }: EditorView, issues: readonly SourceIssue[]): Diagnostic[] {
  return issues.map(({ line, column, message }) => {
    const row = state.doc.line(Math.min(Math.max(1, line ?? 1), state.doc.lines));
    const from = Math.min(row.from + Math.max(0, (column ?? 1) - 1), row.to);
    const word = /^[^\s,:\]}]+/.exec(state.sliceDoc(from, row.to))?.[0].length ?? 0;
    return { from, to: Math.min(row.to, from + word), severity: 'error', message };
  });
}
