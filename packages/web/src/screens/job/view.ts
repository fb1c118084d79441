import { useSearchParams } from 'react-router';
import type { LineRange } from '../../logs/download.ts';
import { readRange, writeRange } from '../../logs/line-range.ts';

export const STEP_TABS = ['log', 'agent', 'output', 'input', 'attempts', 'artifacts'] as const;
export type StepTab = (typeof STEP_TABS)[number];

/** On a phone one panel is shown at a time. */
export const PANELS = ['steps', 'step', 'info'] as const;
export type PanelName = (typeof PANELS)[number];

/** The steps one below the other, against time or by what needs what; or the log of all of them. */
export const MIDDLE_VIEWS = ['list', 'gantt', 'graph', 'log'] as const;
export type MiddleView = (typeof MIDDLE_VIEWS)[number];

/** What the page shows of its job; all of it stands in the URL. */
export interface JobView {
  /** The chosen step; without one the page follows what happens. */
  step: string | undefined;
  tab: StepTab;
  middle: MiddleView;
  panel: PanelName;
  /** The lines of the log that the address names. */
  line: LineRange | undefined;
}

const DEFAULTS: JobView = { step: undefined, tab: 'log', middle: 'list', panel: 'steps', line: undefined };

export function readJobView(params: URLSearchParams): JobView {
  return {
    step: params.get('step') ?? undefined,
    tab: STEP_TABS.find((tab) => tab === params.get('tab')) ?? DEFAULTS.tab,
    middle: MIDDLE_VIEWS.find((view) => view === params.get('view')) ?? DEFAULTS.middle,
    panel: PANELS.find((panel) => panel === params.get('panel')) ?? DEFAULTS.panel,
    line: readRange(params.get('line') ?? undefined),
  };
}

/** Writes the view over the parameters that it owns and keeps all others. */
export function writeJobView(params: URLSearchParams, view: JobView): URLSearchParams {
  const next = new URLSearchParams(params);
  const values: [name: string, value: string | undefined, standard: string | undefined][] = [
    ['step', view.step, undefined],
    ['tab', view.tab, DEFAULTS.tab],
    ['view', view.middle, DEFAULTS.middle],
    ['panel', view.panel, DEFAULTS.panel],
    ['line', view.line && writeRange(view.line), undefined],
  ];
  for (const [name, value, standard] of values) {
    if (value === undefined || value === standard) next.delete(name);
    else next.set(name, value);
  }
  return next;
}

/** The view with a part of it changed. Picked lines are those of one log: they go when another step is chosen. */
export function changedJobView(view: JobView, part: Partial<JobView>): JobView {
  const next = { ...view, ...part };
  return next.step === view.step || 'line' in part ? next : { ...next, line: undefined };
}

export function useJobView() {
  const [params, setParams] = useSearchParams();
  return {
    view: readJobView(params),
    /** Choosing is no step in the history: back leads to the list. */
    change(part: Partial<JobView>) {
      setParams((now) => writeJobView(now, changedJobView(readJobView(now), part)), { replace: true });
    },
  };
}
