import { Button } from '@mantine/core';
import type { Meta, StoryObj } from '@storybook/react-vite';
import { IconInbox } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { MemoryRouter } from 'react-router';
import { Message } from '../src/app/message.tsx';
import { NotFound } from '../src/app/not-found.tsx';
import { SchemaFields } from '../src/form/schema-fields.tsx';
import { useInputDraft } from '../src/form/use-input-draft.ts';
import { CopyButton } from '../src/ids/copy-button.tsx';
import { JsonView } from '../src/json/json-view.tsx';
import { ConnectionStatus } from '../src/live/connection-status.tsx';
import { RecentMarks } from '../src/screens/workflow/recent-marks.tsx';
import { ProgressBar } from '../src/status/progress-bar.tsx';
import { StatusBadge, StatusChip } from '../src/status/status-chip.tsx';
import { JOB_LOOKS, STEP_LOOKS } from '../src/status/tone.ts';
import { StepTypeIcon } from '../src/step-types/icon.tsx';
import { Ago } from '../src/time/ago.tsx';
import { Exact } from '../src/time/exact.tsx';

const meta: Meta = {
  title: 'Parts',
  decorators: [
    (Story) => (
      <MemoryRouter>
        <main style={{ display: 'grid', gap: 16, maxWidth: 560, padding: 24 }}>
          <Story />
        </main>
      </MemoryRouter>
    ),
  ],
};
export default meta;
type Story = StoryObj;

const Row = ({ children }: { children: ReactNode }) => (
  <div style={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 10 }}>{children}</div>
);
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

export const Statuses: Story = {
  render: () => (
    <>
      <Row>
        {Object.values(JOB_LOOKS).map((look) => (
          <StatusChip key={look.word} look={look} />
        ))}
      </Row>
      <Row>
        {Object.values(STEP_LOOKS).map((look) => (
          <StatusBadge key={look.word} look={look} />
        ))}
      </Row>
    </>
  ),
};

export const Marks: Story = {
  render: () => (
    <RecentMarks
      jobs={(['RUNNING', 'COMPLETED', 'FAILED', 'COMPLETED', 'CANCELLED', 'COMPLETED'] as const).map(
        (status, index) => ({
          id: String(index),
          status,
          cancelRequestedAt: null,
          pauseRequestedAt: null,
          createdAt: minutesAgo(5 + index * 40),
        }),
      )}
    />
  ),
};

export const Progress: Story = {
  render: () => (
    <>
      <ProgressBar percent={40} tone="running" label="Progress of a job that runs" />
      <ProgressBar percent={100} tone="completed" label="Progress of a job that completed" />
      <ProgressBar percent={70} tone="failed" label="Progress of a job that failed" />
    </>
  ),
};

export const Times: Story = {
  render: () => (
    <Row>
      <Ago at={minutesAgo(0.2)} />
      <Ago at={minutesAgo(75)} />
      <Exact at={minutesAgo(3_000)} />
      <Exact at={null} />
    </Row>
  ),
};

export const Json: Story = {
  render: () => (
    <JsonView
      value={{ name: 'acme/site', sizes: [1, 2, 3], nested: { deep: { deeper: true } }, none: null }}
      openTo={2}
    />
  ),
};

export const Copying: Story = { render: () => <CopyButton value="0199c0de" label="Copy the id" /> };

export const Connection: Story = { render: () => <ConnectionStatus /> };

export const Icons: Story = {
  render: () => (
    <Row>
      {['terminal', 'tool', 'robot', 'message', 'user-check', 'clock', 'database', 'sitemap', 'no-such-icon'].map(
        (icon) => (
          <span key={icon}>
            <StepTypeIcon icon={icon} size={22} /> {icon}
          </span>
        ),
      )}
    </Row>
  ),
};

export const EmptyPlace: Story = {
  render: () => (
    <Message
      icon={<IconInbox size={22} />}
      title="Nothing here yet"
      actions={<Button variant="primary">Make one</Button>}
    >
      What is made appears here.
    </Message>
  ),
};

export const Missing: Story = { render: () => <NotFound title="There is no such job">It was deleted.</NotFound> };

function Fields() {
  const draft = useInputDraft(
    {
      type: 'object',
      required: ['repository'],
      properties: {
        repository: { type: 'string', title: 'Repository', description: 'A folder on the worker.' },
        depth: { type: 'integer', title: 'Depth', default: 3, minimum: 1 },
        kind: { enum: ['full', 'quick'], title: 'Kind', default: 'full' },
        verbose: { type: 'boolean', title: 'Say more' },
        since: { type: 'string', format: 'date', title: 'Since' },
        people: {
          type: 'array',
          title: 'People',
          items: { type: 'object', properties: { name: { type: 'string', title: 'Name' } } },
        },
      },
    },
    'story',
  );
  return (
    <>
      <SchemaFields draft={draft} />
      <Button onClick={() => draft.check()}>Check</Button>
    </>
  );
}

export const FormOfASchema: Story = { render: () => <Fields /> };
