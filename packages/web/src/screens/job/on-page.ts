/** The job and its steps as the page reads them. */
import type { ResultOf } from '../../app/graphql.ts';
import type { JobPage, TimelineStep } from './documents.ts';

export type JobOnPage = NonNullable<ResultOf<typeof JobPage>['job']>;
export type StepOnPage = ResultOf<typeof TimelineStep>;
