import { useSearchParams } from 'react-router';

const CREATE = 'create';
const EDIT = 'edit';

/**
 * The dialog's place in the URL: `?create`, with a workflow's slug when one is chosen, or `?edit=` with a schedule's id.
 * `?new` is not free: with it the dialog for a new job opens on every page.
 */
export function useScheduleDialog() {
  const [params, setParams] = useSearchParams();

  function change(name: string | undefined, value = '', replace = false) {
    setParams(
      (now) => {
        const next = new URLSearchParams(now);
        next.delete(CREATE);
        next.delete(EDIT);
        if (name !== undefined) next.set(name, value);
        return next;
      },
      { replace },
    );
  }

  return {
    creates: params.has(CREATE),
    /** The workflow of the new one. */
    workflow: params.get(CREATE) || undefined,
    edits: params.get(EDIT) || undefined,
    create: () => change(CREATE),
    edit: (id: string) => change(EDIT, id),
    close: () => change(undefined, '', true),
  };
}
