import classes from './screen.module.css';
import type { WorkflowOnPage } from './screen.tsx';

/** The steps in order, with what each waits for where that is not the one above. */
export function WorkflowSteps({ steps }: { steps: WorkflowOnPage['steps'] }) {
  const names = new Map(steps.map(({ key, name }) => [key, name]));
  return (
    <ol className={classes.steps}>
      {steps.map(({ key, name, type, needs, condition }, index) => {
        const above = steps[index - 1]?.key;
        const usual = index === 0 ? needs.length === 0 : needs.length === 1 && needs[0] === above;
        return (
          <li key={key} className={classes.step}>
            <span className={classes.number}>{index + 1}</span>
            <div className={classes.stepMain}>
              <span className={classes.stepName}>{name}</span> <span className="sb-mono sb-mute">{key}</span>
              <span className={classes.stepNote}>
                {type}
                {!usual &&
                  ` · ${needs.length === 0 ? 'starts at once' : `needs ${needs.map((need) => names.get(need) ?? need).join(', ')}`}`}
                {condition !== null && (
                  <>
                    {' · if '}
                    <code className="sb-mono">{condition}</code>
                  </>
                )}
              </span>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
