import { useEffect, useState } from 'react';

/** A source while it is changed. */
export interface SourceDraft {
  text: string;
  /** The newest version when it was begun, 0 for a workflow that is to be new. */
  base: number;
}

const keyOf = (name: string) => `signalbox.source.${name}`;

/**
 * The text of a workflow in the editor. What is not saved yet is there again when the page is left and opened once more,
 * for as long as the tab lives.
 *
 * @param name under which it is kept
 * @param saved the text to begin with, and to go back to
 */
export function useSourceDraft(name: string, saved: SourceDraft) {
  const [draft, setDraft] = useState<SourceDraft>(() => kept(name) ?? saved);
  const changed = draft.text !== saved.text;

  // A version that came from elsewhere is taken over unless there is something to lose.
  const [known, setKnown] = useState(saved);
  if (known.text !== saved.text || known.base !== saved.base) {
    setKnown(saved);
    if (draft.text === known.text) setDraft(saved);
  }

  useEffect(() => {
    keepSource(name, changed ? draft : undefined);
  }, [name, draft, changed]);

  return { draft, changed, setDraft, setText: (text: string) => setDraft((now) => ({ ...now, text })) };
}

/** Keeps a text for the editor to begin with, or forgets it. The editor works without a storage too. */
export function keepSource(name: string, draft: SourceDraft | undefined): void {
  try {
    if (draft) sessionStorage.setItem(keyOf(name), JSON.stringify(draft));
    else sessionStorage.removeItem(keyOf(name));
  } catch {
    // It is full, or forbidden.
  }
}

function kept(name: string): SourceDraft | undefined {
  try {
    const text = sessionStorage.getItem(keyOf(name));
    if (text === null) return undefined;
    const draft: SourceDraft = JSON.parse(text);
    return draft;
  } catch {
    return undefined;
  }
}
