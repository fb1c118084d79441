export interface Piece {
  /** Where in the text it begins. */
  at: number;
  text: string;
  match: boolean;
}

/** Cuts a text so that every occurrence of a search, whatever its case, is a piece of its own. */
export function splitAtMatches(text: string, search: string): Piece[] {
  const pieces: Piece[] = [];
  const haystack = text.toLowerCase();
  const needle = search.toLowerCase();
  let from = 0;
  // Lower case can be longer than the text, with a few letters of a few languages: then nothing is marked.
  if (needle !== '' && haystack.length === text.length) {
    for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, from)) {
      if (at > from) pieces.push({ at: from, text: text.slice(from, at), match: false });
      pieces.push({ at, text: text.slice(at, at + needle.length), match: true });
      from = at + needle.length;
    }
  }
  if (from < text.length) pieces.push({ at: from, text: text.slice(from), match: false });
  return pieces;
}
