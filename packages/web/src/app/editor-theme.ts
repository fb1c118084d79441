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
  '.cm-tooltip': {
    overflow: 'hidden',
    border: '1px solid var(--sb-line)',
    borderRadius: 'var(--sb-radius-small)',
    backgroundColor: 'var(--sb-panel)',
    boxShadow: 'var(--sb-shadow)',
    color: 'var(--sb-text)',
  },
  '.cm-tooltip-lint': { maxWidth: '420px', fontFamily: 'var(--sb-font)' },
  '.cm-diagnostic': { padding: '6px 10px', borderLeft: 'none', whiteSpace: 'pre-wrap' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { maxHeight: '300px', fontFamily: 'var(--sb-mono)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px', lineHeight: '19px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--sb-accent-soft)',
    color: 'var(--sb-text)',
  },
  '.cm-completionMatchedText': { color: 'var(--sb-accent)', textDecoration: 'none' },
  '.cm-completionDetail': { color: 'var(--sb-mute)', fontFamily: 'var(--sb-font)', fontStyle: 'normal' },
  '.cm-tooltip.cm-completionInfo': { padding: '6px 10px', fontFamily: 'var(--sb-font)' },
  '.cm-gutter-lint': { width: '14px' },
  '.cm-foldGutter': { width: '14px' },
  '.cm-foldPlaceholder': { border: 'none', backgroundColor: 'var(--sb-queued-soft)', color: 'var(--sb-mute)' },
  '.cm-panels': { backgroundColor: 'var(--sb-sunk)', color: 'var(--sb-text)' },
  '.cm-changedLine, .cm-inlineChangedLine': { backgroundColor: 'var(--sb-completed-soft)' },
  '.cm-changedText': { background: 'color-mix(in srgb, var(--sb-completed) 14%, transparent)' },
  '.cm-deletedChunk': { backgroundColor: 'var(--sb-failed-soft)' },
  '.cm-deletedChunk, .cm-deletedChunk *': { color: 'var(--sb-text) !important' },
  '.cm-deletedChunk .cm-deletedText': { background: 'color-mix(in srgb, var(--sb-failed) 16%, transparent)' },
  '.cm-changeGutter': { width: '3px' },
  '.cm-changedLineGutter': { backgroundColor: 'var(--sb-completed)' },
  '.cm-deletedLineGutter': { backgroundColor: 'var(--sb-failed)' },
  '.cm-collapsedLines': { background: 'var(--sb-sunk)', color: 'var(--sb-mute)', fontFamily: 'var(--sb-font)' },
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
    // What scrolls is reached by the keyboard, also where nothing can be written.
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    EditorView.cspNonce.of(styleNonce() ?? ''),
  ];
}
