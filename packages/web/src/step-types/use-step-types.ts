import { useMemo } from 'react';
import { useQuery } from 'urql';
import { graphql, type ResultOf } from '../app/graphql.ts';

const StepTypes = graphql(`
  query StepTypes {
    stepTypes {
      type
      title
      description
      plugin
      icon
      configSchema
      outputSchema
      workers
    }
  }
`);

export type StepTypeInfo = ResultOf<typeof StepTypes>['stepTypes'][number];

const NONE: StepTypeInfo[] = [];

/** The step types that workers offer, plugins of others included; empty until they are known. */
export function useStepTypes() {
  const [{ data }] = useQuery({ query: StepTypes, requestPolicy: 'cache-and-network' });
  const list = data?.stepTypes ?? NONE;
  return useMemo(() => ({ list, byType: new Map(list.map((each) => [each.type, each])) }), [list]);
}
