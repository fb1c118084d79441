import { Dialog } from './dialog.tsx';
import classes from './shortcuts.module.css';

const GROUPS: { name: string; keys: [keys: string[], does: string][] }[] = [
  {
    name: 'Everywhere',
    keys: [
      [['Ctrl', 'K'], 'search and commands'],
      [['C'], 'new job'],
      [['?'], 'this list'],
    ],
  },
  {
    name: 'New job',
    keys: [
      [['Ctrl', 'Enter'], 'start it'],
      [['Esc'], 'close; what is written stays'],
    ],
  },
  {
    name: 'Workflows',
    keys: [
      [['/'], 'search'],
      [['Ctrl', 'Space'], 'what can be written here, in the editor'],
      [['Del'], 'take away the selected line of the drawing'],
    ],
  },
  {
    name: 'Job list',
    keys: [
      [['J', 'K'], 'next, previous job'],
      [['Enter'], 'open the job'],
      [['X'], 'select it; with Shift all between'],
      [['Ctrl', 'A'], 'select all that are loaded'],
      [['Esc'], 'select nothing'],
      [['Space'], 'show its steps and last lines'],
      [['.'], 'what can be done with it'],
      [['/'], 'search'],
    ],
  },
  {
    name: 'Job',
    keys: [
      [['J', 'K'], 'next, previous step'],
      [['F'], 'follow the running step'],
      [['/'], 'search in the log'],
      [['Esc'], 'back to the list'],
    ],
  },
];

/** The keys that work, for looking up. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog onClose={onClose} title="Keyboard" size={420}>
      {GROUPS.map(({ name, keys }) => (
        <section key={name} className={classes.group}>
          <h3 className={classes.name}>{name}</h3>
          <dl className={classes.list}>
            {keys.map(([combination, does]) => (
              <div key={does} className={classes.row}>
                <dt>
                  {combination.map((key) => (
                    <kbd key={key} className="sb-key">
                      {key}
                    </kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
