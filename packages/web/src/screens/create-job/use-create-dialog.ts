import { useSearchParams } from 'react-router';

const PARAM = 'new';
const FROM = 'from-job';

/** The create dialog's place in the URL: `?new=` on any page, with a workflow's slug when one is chosen. */
export function useCreateDialog() {
  const [params, setParams] = useSearchParams();

  function change(workflow: string | undefined, { from, replace }: { from?: string; replace?: boolean } = {}) {
    setParams(
      (now) => {
        const next = new URLSearchParams(now);
        next.delete(FROM);
        if (workflow === undefined) next.delete(PARAM);
        else next.set(PARAM, workflow);
        if (from !== undefined) next.set(FROM, from);
        return next;
      },
      { replace },
    );
  }

  return {
    opened: params.has(PARAM),
    workflow: params.get(PARAM) || undefined,
    /** The job whose input it begins with. */
    from: params.get(FROM) || undefined,
    open: (workflow = '', from?: string) => change(workflow, { from }),
    /** Changes the workflow without a step in the history. */
    choose: (workflow: string) => change(workflow, { replace: true }),
    close: () => change(undefined, { replace: true }),
  };
}
