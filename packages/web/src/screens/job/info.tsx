import { ScrollArea } from '@mantine/core';
import { PRIORITY_WORDS } from '../../status/priority.ts';
import { isFinal } from '../../status/tone.ts';
import { ConfigurationSection } from './configuration.tsx';
import { CostsSection } from './costs.tsx';
import { ExecutionsSection } from './executions.tsx';
import { Facts } from './facts.tsx';
import { FamilySection } from './family.tsx';
import classes from './info.module.css';
import { JsonSection } from './json-section.tsx';
import type { JobOnPage, StepOnPage } from './on-page.ts';

interface Props {
  job: JobOnPage;
  steps: readonly StepOnPage[];
}

/** What the job is: its facts, its input and its output, where it comes from and what it took. */
export function Info(props: Props) {
  return (
    <section className={classes.panel} aria-label="Job">
      <Facts job={props.job} />
      <Parts {...props} />
    </section>
  );
}

/** The same folded into a strip, for screens without the room. */
export function InfoStrip(props: Props) {
  const { job } = props;
  return (
    <details className={classes.strip}>
      <summary>
        Details
        <span className="sb-mute">
          {PRIORITY_WORDS[job.priority]} priority
          {job.subject !== null && ` · ${job.subject}`}
        </span>
      </summary>
      <ScrollArea.Autosize mah="45dvh">
        <div className={classes.wide}>
          <Facts job={job} />
          <div>
            <Parts {...props} />
          </div>
        </div>
      </ScrollArea.Autosize>
    </details>
  );
}

function Parts({ job, steps }: Props) {
  return (
    <>
      <JsonSection title="Input" value={job.input} />
      <JsonSection
        title="Output"
        value={job.output}
        absent={job.output === null && (isFinal(job.status) ? 'none' : 'when it ends')}
      />
      <FamilySection jobId={job.id} steps={steps} />
      <CostsSection job={job} />
      <ExecutionsSection executions={job.executions} />
      <ConfigurationSection job={job} />
    </>
  );
}
