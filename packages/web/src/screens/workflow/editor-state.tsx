import { IconAlertTriangle, IconCheck, IconLoader2 } from '@tabler/icons-react';
import classes from './editor.module.css';
import type { Validation } from './use-validation.ts';

/** What the server says of the text, in a word. */
export function EditorState({
  validation: { state, issues },
  readable,
}: {
  validation: Validation;
  readable: boolean;
}) {
  const wrong = issues.length > 0;
  return (
    <span
      className={classes.state}
      role="status"
      data-tone={state !== 'checked' ? undefined : wrong ? 'failed' : 'completed'}
    >
      {state === 'checking' ? (
        <>
          <IconLoader2 size={15} aria-hidden="true" /> {readable ? 'Checking' : 'Not readable yet'}
        </>
      ) : state === 'unknown' ? (
        <>
          <IconAlertTriangle size={15} aria-hidden="true" /> Not checked: the server cannot be reached
        </>
      ) : wrong ? (
        <>
          <IconAlertTriangle size={15} aria-hidden="true" /> {issues.length}{' '}
          {issues.length === 1 ? 'problem' : 'problems'}
        </>
      ) : (
        <>
          <IconCheck size={15} aria-hidden="true" /> Valid
        </>
      )}
    </span>
  );
}

/** Everything that is wrong with the text; each entry leads to its place. */
export function Issues({
  validation: { issues },
  text,
  onGo,
}: {
  validation: Validation;
  text: string;
  onGo: (at: number) => void;
}) {
  if (issues.length === 0) return null;
  const lines = text.split('\n');
  const placeOf = (line: number, column: number) =>
    lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0) + column - 1;
  return (
    <ul className={classes.issues} aria-label="Problems">
      {issues.map(({ line, column, message, path }) => (
        <li key={`${path} ${line} ${column} ${message}`}>
          <button type="button" className={classes.issue} onClick={() => onGo(placeOf(line ?? 1, column ?? 1))}>
            <span className="sb-number sb-mute">
              {line}:{column}
            </span>
            <span>{message}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
