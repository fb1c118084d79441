import type { CSSProperties } from 'react';
import { parseAnsi } from './ansi.ts';
import classes from './ansi-text.module.css';
import { splitAtMatches } from './matches.ts';

/** A log line with its ANSI colours, and with what was searched for marked. */
export function AnsiText({ text, search = '' }: { text: string; search?: string }) {
  return parseAnsi(text).map((part) => {
    const content = search === '' ? part.text : <Marked text={part.text} search={search} />;
    if (part.classes.length === 0 && !part.color && !part.background) return <span key={part.at}>{content}</span>;
    const style: CSSProperties = { color: part.color, background: part.background };
    return (
      <span key={part.at} className={part.classes.map((name) => classes[name]).join(' ')} style={style}>
        {content}
      </span>
    );
  });
}

function Marked({ text, search }: { text: string; search: string }) {
  return splitAtMatches(text, search).map(({ at, text: piece, match }) =>
    match ? <mark key={at}>{piece}</mark> : <span key={at}>{piece}</span>,
  );
}
