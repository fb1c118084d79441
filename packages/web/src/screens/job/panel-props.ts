/** What the panels of the job page show, and what the drawings of its steps get. */
import type { ResultOf } from '../../app/graphql.ts';
import type { JobOnPage, StepOnPage } from './on-page.ts';
import type { StepDetails } from './step-documents.ts';
import type { JobView } from './view.ts';

export interface PanelProps {
  job: JobOnPage;
  steps: readonly StepOnPage[];
  totalSteps: number;
  /** Whether all of the steps are known. */
  allSteps: boolean;
  /** The step that is shown: chosen, or the one that the page follows. */
  selected: string | undefined;
  view: JobView;
  onChange: (part: Partial<JobView>) => void;
}

export interface TimelineProps extends PanelProps {
  /** Steps whose items all have a row. */
  open: ReadonlySet<string>;
  onOpen: (step: string) => void;
  /** The reader looks around by hand: what is selected stays selected. */
  onLook: () => void;
}

export type StepInPanel = NonNullable<NonNullable<ResultOf<typeof StepDetails>['job']>['step']>;
