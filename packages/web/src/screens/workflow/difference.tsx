import { yaml } from '@codemirror/lang-yaml';
import { unifiedMergeView } from '@codemirror/merge';
import CodeMirror from '@uiw/react-codemirror';
import { useMemo } from 'react';
import { editorBasics } from '../../app/editor-theme.ts';

/** What became of a text: lines that went and came, those that stayed folded away. In a file of its own, loaded when it is wanted. */
export default function Difference({ before, after, label }: { before: string; after: string; label: string }) {
  const extensions = useMemo(
    () => [
      yaml(),
      ...editorBasics(label),
      unifiedMergeView({
        original: before,
        mergeControls: false,
        highlightChanges: true,
        gutter: true,
        collapseUnchanged: { margin: 3, minSize: 6 },
      }),
    ],
    [before, label],
  );
  return (
    <CodeMirror
      key={before}
      value={after}
      readOnly
      theme="none"
      basicSetup={{
        foldGutter: false,
        highlightActiveLine: false,
        highlightActiveLineGutter: false,
        syntaxHighlighting: false,
      }}
      extensions={extensions}
    />
  );
}
