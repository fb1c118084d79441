import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { Json } from '../app/graphql.ts';
import classes from './json-view.module.css';

/** So many entries of a list or an object are drawn at once. */
const PAGE = 100;
/** Longer texts are cut until they are asked for. */
const LONG_TEXT = 600;

interface Props {
  value: Json;
  /** Down to this depth everything is open at first. */
  openTo?: number;
}

/** A JSON value that can be folded. */
export function JsonView({ value, openTo = 2 }: Props) {
  return (
    <div className={classes.root}>
      <Node value={value} depth={0} openTo={openTo} last />
    </div>
  );
}

interface NodeProps {
  name?: string;
  value: Json;
  depth: number;
  openTo: number;
  /** Whether no comma follows. */
  last: boolean;
}

function Node({ name, value, depth, openTo, last }: NodeProps) {
  const label = name !== undefined && (
    <>
      <span className={classes.key}>{JSON.stringify(name)}</span>
      {': '}
    </>
  );
  if (typeof value === 'object' && value !== null) {
    return <Branch label={label} value={value} depth={depth} openTo={openTo} last={last} />;
  }
  return (
    <div className={classes.leaf}>
      {label}
      <Leaf value={value} />
      {!last && ','}
    </div>
  );
}

interface BranchProps extends Omit<NodeProps, 'name' | 'value'> {
  label: React.ReactNode;
  value: Json[] | { [key: string]: Json };
}

function Branch({ label, value, depth, openTo, last }: BranchProps) {
  const entries: [string | undefined, Json][] = Array.isArray(value)
    ? value.map((item) => [undefined, item])
    : Object.entries(value);
  const [open, setOpen] = useState(depth < openTo);
  const [shown, setShown] = useState(PAGE);
  const [left, right] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const comma = last ? '' : ',';

  if (entries.length === 0) {
    return (
      <div className={classes.leaf}>
        {label}
        {left}
        {right}
        {comma}
      </div>
    );
  }
  return (
    <div className={classes.branch}>
      <UnstyledButton
        className={classes.fold}
        aria-expanded={open}
        aria-label={open ? 'Fold' : 'Unfold'}
        onClick={() => setOpen(!open)}
      >
        <IconChevronRight size={12} data-open={open || undefined} />
      </UnstyledButton>
      {label}
      {left}
      {!open && (
        <>
          <span className={classes.size}>
            {' '}
            {entries.length} {entries.length === 1 ? 'entry' : 'entries'}{' '}
          </span>
          {right}
          {comma}
        </>
      )}
      {open && (
        <>
          <div className={classes.inside}>
            {entries.slice(0, shown).map(([name, item], index) => (
              <Node
                key={name ?? index}
                name={name}
                value={item}
                depth={depth + 1}
                openTo={openTo}
                last={index === entries.length - 1}
              />
            ))}
            {entries.length > shown && (
              <UnstyledButton className={classes.more} onClick={() => setShown(shown + PAGE)}>
                … {entries.length - shown} more
              </UnstyledButton>
            )}
          </div>
          {right}
          {comma}
        </>
      )}
    </div>
  );
}

function Leaf({ value }: { value: string | number | boolean | null }) {
  const [whole, setWhole] = useState(false);
  if (typeof value === 'number') return <span className={classes.number}>{value}</span>;
  if (typeof value !== 'string') return <span className={classes.word}>{String(value)}</span>;
  const cut = !whole && value.length > LONG_TEXT;
  return (
    <span className={classes.string}>
      {readable(cut ? value.slice(0, LONG_TEXT) : value)}
      {cut && (
        <UnstyledButton className={classes.more} onClick={() => setWhole(true)}>
          {' '}
          … all {value.length.toLocaleString('en')} characters
        </UnstyledButton>
      )}
    </span>
  );
}

/** A text as JSON, but with its line breaks as such: reports and listings are for reading. What is copied stays JSON. */
function readable(text: string): string {
  const lines = text.split('\n').map((line) => JSON.stringify(line).slice(1, -1));
  return `"${lines.join('\n')}"`;
}
