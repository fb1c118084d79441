import { useMediaQuery } from '@mantine/hooks';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { Info, InfoStrip } from './info.tsx';
import { layoutStorage } from './layout-storage.ts';
import { Middle } from './middle.tsx';
import type { PanelProps } from './panel-props.ts';
import classes from './panels.module.css';
import { StepPanel } from './step-panel.tsx';
import { PANELS, type PanelName } from './view.ts';

/** Info, steps and step side by side; on a smaller screen the info folds away, on a phone one is shown at a time. */
export function Panels(props: PanelProps) {
  const phone = useMediaQuery('(max-width: 700px)', undefined, { getInitialValueInEffect: false });
  const narrow = useMediaQuery('(max-width: 1100px)', undefined, { getInitialValueInEffect: false });
  if (phone) return <Stacked {...props} />;
  if (narrow) {
    return (
      <>
        <InfoStrip job={props.job} steps={props.steps} />
        <SideBySide key="two" names={['steps', 'step']} {...props} />
      </>
    );
  }
  return <SideBySide key="three" names={['info', 'steps', 'step']} {...props} />;
}

const SIZES: Record<PanelName, { defaultSize?: number; minSize: number; keep: boolean }> = {
  info: { defaultSize: 280, minSize: 200, keep: true },
  steps: { minSize: 280, keep: false },
  step: { defaultSize: 520, minSize: 320, keep: true },
};

const NAMES: Record<PanelName, string> = { info: 'Job', steps: 'Steps', step: 'Step' };

function SideBySide({ names, ...props }: PanelProps & { names: readonly PanelName[] }) {
  const layout = useDefaultLayout({
    id: `signalbox.job.${names.length}`,
    panelIds: [...names],
    storage: layoutStorage,
    onlySaveAfterUserInteractions: true,
  });
  return (
    <Group
      className={classes.group}
      orientation="horizontal"
      defaultLayout={layout.defaultLayout}
      onLayoutChanged={layout.onLayoutChanged}
    >
      {names.flatMap((name, index) => {
        const { defaultSize, minSize, keep } = SIZES[name];
        const panel = (
          <Panel
            key={name}
            id={name}
            className={classes.panel}
            defaultSize={names.length === 2 ? '50' : defaultSize}
            minSize={minSize}
            groupResizeBehavior={keep && names.length > 2 ? 'preserve-pixel-size' : 'preserve-relative-size'}
          >
            <Content name={name} {...props} />
          </Panel>
        );
        if (index === 0) return [panel];
        const label = `Width of ${NAMES[names[index - 1] ?? name].toLowerCase()} and ${NAMES[name].toLowerCase()}`;
        return [<Separator key={`before ${name}`} className={classes.separator} aria-label={label} />, panel];
      })}
    </Group>
  );
}

function Stacked(props: PanelProps) {
  const { view, onChange } = props;
  return (
    <>
      <div className={classes.tabs} role="tablist" aria-label="Parts of the job">
        {PANELS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`panel-tab-${name}`}
            aria-controls="panel"
            aria-selected={view.panel === name}
            className={classes.tab}
            onClick={() => onChange({ panel: name })}
          >
            {NAMES[name]}
          </button>
        ))}
      </div>
      <div id="panel" role="tabpanel" aria-labelledby={`panel-tab-${view.panel}`} className={classes.single}>
        <Content
          name={view.panel}
          {...props}
          onChange={(part) => onChange(part.step ? { panel: 'step', ...part } : part)}
        />
      </div>
    </>
  );
}

function Content({ name, ...props }: PanelProps & { name: PanelName }) {
  switch (name) {
    case 'info':
      return <Info job={props.job} steps={props.steps} />;
    case 'steps':
      return <Middle {...props} />;
    case 'step':
      return <StepPanel {...props} />;
  }
}
