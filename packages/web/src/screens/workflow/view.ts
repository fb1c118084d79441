import { useSearchParams } from 'react-router';

export const WORKFLOW_TABS = ['overview', 'edit', 'versions'] as const;
export type WorkflowTab = (typeof WORKFLOW_TABS)[number];

/** What the page of a workflow shows; it stands in the URL. */
export interface WorkflowView {
  tab: WorkflowTab;
  /** The version that is looked at; the newest when absent. */
  version: number | undefined;
  /** What it is compared with: the version before when absent, the whole text when 0. */
  against: number | undefined;
}

export function useWorkflowView() {
  const [params, setParams] = useSearchParams();
  const tab = WORKFLOW_TABS.find((known) => known === params.get('tab')) ?? 'overview';
  const view: WorkflowView = {
    tab,
    version: numberOf(params.get('version')),
    against: numberOf(params.get('against')),
  };

  function change(part: Partial<WorkflowView>) {
    const next = { ...view, ...part };
    setParams(
      (now) => {
        const all = new URLSearchParams(now);
        put(all, 'tab', next.tab === 'overview' ? undefined : next.tab);
        put(all, 'version', next.tab === 'versions' ? next.version : undefined);
        put(all, 'against', next.tab === 'versions' ? next.against : undefined);
        return all;
      },
      { replace: part.tab === undefined },
    );
  }
  return { view, change };
}

function put(params: URLSearchParams, name: string, value: string | number | undefined): void {
  if (value === undefined) params.delete(name);
  else params.set(name, String(value));
}

function numberOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
