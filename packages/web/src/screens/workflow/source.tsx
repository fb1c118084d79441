import { yaml } from '@codemirror/lang-yaml';
import CodeMirror from '@uiw/react-codemirror';
import { useMemo } from 'react';
import { editorBasics } from '../../app/editor-theme.ts';

/** A workflow's source, to read. In a file of its own, so that the editor is loaded when it is wanted. */
export default function Source({ text }: { text: string }) {
  const extensions = useMemo(() => [yaml(), ...editorBasics('Source of the workflow')], []);
  return (
    <CodeMirror
      value={text}
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
