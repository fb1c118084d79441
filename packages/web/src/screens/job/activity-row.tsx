import { UnstyledButton } from '@mantine/core';
import { IconChevronRight, IconMessage, IconTool } from '@tabler/icons-react';
import { useState } from 'react';
import type { Json } from '../../app/graphql.ts';
import { formatExactCost } from '../../app/money.ts';
import { JsonView } from '../../json/json-view.tsx';
import { StatusIcon } from '../../status/status-icon.tsx';
import { STEP_LOOKS } from '../../status/tone.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import classes from './activities.module.css';
import { type Activity, gist } from './activity-tree.ts';

interface Props {
  activity: Activity;
  title: string;
  note?: string;
}

/** A turn or a call in one line, which opens to what went in and what came out. */
export function ActivityRow({ activity, title, note }: Props) {
  const [open, setOpen] = useState(false);
  const { cost, error, kind, name, status } = activity;
  const look = STEP_LOOKS[status];
  const Kind = kind === 'MODEL_TURN' ? IconMessage : IconTool;
  return (
    <div className={classes.activity} data-kind={kind}>
      <UnstyledButton className={classes.row} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight className={classes.fold} size={13} data-open={open || undefined} aria-hidden="true" />
        <span className={classes.status} data-tone={look.tone} title={look.word}>
          {status === 'COMPLETED' ? <Kind size={14} stroke={2} aria-hidden="true" /> : <StatusIcon icon={look.icon} />}
          <span className="sb-hidden">{look.word}</span>
        </span>
        <span className={classes.main}>
          <span className={kind === 'MODEL_TURN' ? classes.title : `${classes.title} sb-mono`}>{title}</span>
          {note !== undefined && <span className={classes.note}>{note}</span>}
          <span className={error === null ? `${classes.gist} sb-cut` : `${classes.gist} ${classes.wrong} sb-cut`}>
            {gist(activity)}
          </span>
        </span>
        {cost && (
          <span className={classes.tokens} title="Tokens in and out">
            {Number(cost.inputTokens).toLocaleString('en')} + {Number(cost.outputTokens).toLocaleString('en')}
          </span>
        )}
        {cost && (
          <span className={classes.cost} title={costTitle(cost)}>
            {cost.microUsd === null ? 'unknown' : `${cost.estimated ? '≈ ' : ''}${formatExactCost(cost.microUsd)}`}
          </span>
        )}
        <span className={classes.time}>
          <Elapsed of={activity} running={status === 'RUNNING'} />
        </span>
      </UnstyledButton>
      {open && (
        <div className={classes.details}>
          {kind === 'MODEL_TURN' && <p className="sb-mute">{name}</p>}
          {error !== null && <p className={classes.error}>{error}</p>}
          <Value name="Input" value={activity.input} />
          <Value name="Output" value={activity.output} />
        </div>
      )}
    </div>
  );
}

function Value({ name, value }: { name: string; value: Json }) {
  if (value === null) return null;
  return (
    <section>
      <h3 className={classes.part}>{name}</h3>
      <JsonView value={value} openTo={3} />
    </section>
  );
}

function costTitle({ estimated, microUsd }: NonNullable<Activity['cost']>): string | undefined {
  if (microUsd === null) return 'The price of this model is not known.';
  return estimated ? 'An estimate: the call broke off before its server told what it used.' : undefined;
}
