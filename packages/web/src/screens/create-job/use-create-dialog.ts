import { useSearchParams } from 'react-router';

const PARAM = 'new';

/** The create dialog's place in the URL: `?new=` on any page, with a workflow's slug when one is chosen. */
export function useCreateDialog() {
  const [params, setParams] = useSearchParams();
  return {
    opened: params.has(PARAM),
    workflow: params.get(PARAM) || undefined,
    open(workflow = '') {
      setParams((now) => {
        const next = new URLSearchParams(now);
        next.set(PARAM, workflow);
        return next;
      });
    },
    /** Changes the workflow without a step in the history. */
    choose(workflow: string) {
      setParams(
        (now) => {
          const next = new URLSearchParams(now);
          next.set(PARAM, workflow);
          return next;
        },
        { replace: true },
      );
    },
    close() {
      setParams(
        (now) => {
          const next = new URLSearchParams(now);
          next.delete(PARAM);
          return next;
        },
        { replace: true },
      );
    },
  };
}
