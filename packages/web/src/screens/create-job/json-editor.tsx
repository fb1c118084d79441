import { json } from '@codemirror/lang-json';
import CodeMirror from '@uiw/react-codemirror';
import { useMemo } from 'react';
import { editorBasics } from '../../app/editor-theme.ts';

interface Props {
  value: string;
  onChange: (value: string) => void;
  label: string;
}

/** A text editor for JSON. In a file of its own, so that it is loaded when it is wanted. */
export default function JsonEditor({ value, onChange, label }: Props) {
  const extensions = useMemo(() => [json(), ...editorBasics(label)], [label]);
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
