import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { styleNonce } from './nonce.ts';

const frame = EditorView.theme({
  '&': {
    border: '1px solid var(--sb-line-strong)',
    borderRadius: 'var(--sb-radius)',
    backgroundColor: 'var(--sb-page)',
    color: 'var(--sb-text)',
    fontSize: '12px',
    overflow: 'hidden',
  },
  '&.cm-focused': { outline: 'none', borderColor: 'var(--sb-accent)' },
  '.cm-scroller': { fontFamily: 'var(--sb-mono)', fontVariantLigatures: 'none', lineHeight: '19px' },
  '.cm-gutters': { border: 'none', backgroundColor: 'transparent', color: 'var(--sb-faint)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--sb-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--sb-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--sb-accent) 26%, transparent)',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--sb-accent-soft)', outline: '1px solid var(--sb-accent)' },
});

const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--sb-json-key)' },
    { tag: [tags.string, tags.content], color: 'var(--sb-completed)' },
    { tag: tags.number, color: 'var(--sb-cancelled)' },
    { tag: [tags.bool, tags.null, tags.keyword], color: 'var(--sb-waiting)' },
    { tag: tags.comment, color: 'var(--sb-mute)' },
  ]),
);

/** What every editor of the app has: our colours in both themes, wrapped lines, a name, and the page's style nonce. */
export function editorBasics(label: string) {
  return [
    frame,
    colours,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label }),
    EditorView.cspNonce.of(styleNonce() ?? ''),
  ];
}
