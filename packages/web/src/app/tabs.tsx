import type { KeyboardEvent } from 'react';
import classes from './tabs.module.css';

interface Tab<Name extends string> {
  name: Name;
  label: string;
  count?: number;
}

interface Props<Name extends string> {
  /** What the tabs are the parts of. */
  label: string;
  tabs: readonly Tab<Name>[];
  chosen: Name;
  /** The id of the element that shows the part. */
  controls: string;
  onChoose: (name: Name) => void;
}

export const tabId = (controls: string, name: string): string => `${controls}-tab-${name}`;

/** The parts of a page. One of them is in the order of the Tab key; the arrows lead to the others. */
export function Tabs<Name extends string>({ label, tabs, chosen, controls, onChoose }: Props<Name>) {
  function move(event: KeyboardEvent<HTMLElement>): void {
    const at = tabs.findIndex(({ name }) => name === chosen);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onChoose(next.name);
    document.getElementById(tabId(controls, next.name))?.focus();
  }

  return (
    <div className={classes.tabs} role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map(({ name, label: word, count }) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={tabId(controls, name)}
          aria-controls={controls}
          aria-selected={chosen === name}
          tabIndex={chosen === name ? 0 : -1}
          className={classes.tab}
          onClick={() => onChoose(name)}
        >
          {word}
          {count !== undefined && <span className={classes.count}>{count}</span>}
        </button>
      ))}
    </div>
  );
}
