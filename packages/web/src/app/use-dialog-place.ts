import { useSearchParams } from 'react-router';

const CREATE = 'create';
const EDIT = 'edit';

/**
 * The place in the URL of a screen's dialog: `?create`, with what the new one begins with where that is known, or `?edit=`
 * with an id. `?new` is not free: with it the dialog for a new job opens on every page.
 */
export function useDialogPlace() {
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
    /** What the new one begins with. */
    beginsWith: params.get(CREATE) || undefined,
    edits: params.get(EDIT) || undefined,
    create: () => change(CREATE),
    edit: (id: string) => change(EDIT, id),
    close: () => change(undefined, '', true),
  };
}
