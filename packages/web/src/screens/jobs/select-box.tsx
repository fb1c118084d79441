import classes from './select-box.module.css';

interface Props {
  label: string;
  checked: boolean;
  /** Some of what it stands for is selected, not all. */
  mixed?: boolean;
  tabIndex?: number;
  /** With Shift: everything between this and what was selected before. */
  onSelect: (range: boolean) => void;
}

/** A checkbox as light as a list of many rows wants it. */
export function SelectBox({ label, checked, mixed = false, tabIndex, onSelect }: Props) {
  return (
    // The label is there for its size: a box alone is hard to hit.
    <label className={classes.root}>
      <input
        type="checkbox"
        className={classes.box}
        aria-label={label}
        tabIndex={tabIndex}
        checked={checked}
        ref={(box) => {
          if (box) box.indeterminate = mixed;
        }}
        onClick={(event) => onSelect(event.shiftKey)}
        readOnly
      />
    </label>
  );
}
