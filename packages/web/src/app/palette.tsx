import './palette.css';
import { useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, spotlight } from '@mantine/spotlight';
import {
  IconCalendarClock,
  IconChartBar,
  IconDeviceDesktop,
  IconKey,
  IconKeyboard,
  IconMoon,
  IconPlus,
  IconRoute,
  IconSearch,
  IconServer2,
  IconStack2,
  IconSun,
  IconTable,
  IconWebhook,
} from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { shortId } from '../ids/short-id.ts';
import { useCreateDialog } from '../screens/create-job/use-create-dialog.ts';
import { JobStatusChip } from '../status/status-chip.tsx';
import { Ago } from '../time/ago.tsx';
import { graphql } from './graphql.ts';
import classes from './palette.module.css';
import { helpOpened, paletteOpened } from './palette-state.ts';
import { useStore } from './store.ts';
import { useWorkflowNames } from './workflow-names.ts';

const FindJobs = graphql(`
  query FindJobs($filter: JobFilter) {
    jobs(first: 6, filter: $filter) {
      edges {
        cursor
        node {
          id
          status
          cancelRequestedAt
          pauseRequestedAt
          subject
          createdAt
          workflow {
            id
            slug
            name
          }
        }
      }
    }
  }
`);

/** Everything by keyboard: jobs by id, workflow or subject, workflows, and what can be done from anywhere. */
export default function Palette() {
  const opened = useStore(paletteOpened);
  const navigate = useNavigate();
  const go = (to: string) => void navigate(to);
  const create = useCreateDialog();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [query, setQuery] = useState('');
  const [settled] = useDebouncedValue(query.trim(), 180);
  const workflows = useWorkflowNames();
  const [found] = useQuery({
    query: FindJobs,
    variables: { filter: settled === '' ? {} : { search: settled } },
    requestPolicy: 'network-only',
    pause: !opened,
  });

  useEffect(() => {
    if (opened) spotlight.open();
  }, [opened]);

  const words = query.trim().toLowerCase();
  const named = (text: string) => text.toLowerCase().includes(words);
  const pages = [
    { label: 'Jobs', icon: <IconStack2 size={16} />, go: () => go('/jobs') },
    { label: 'Running jobs', icon: <IconStack2 size={16} />, go: () => go('/jobs?status=running') },
    { label: 'Failed jobs', icon: <IconStack2 size={16} />, go: () => go('/jobs?status=failed') },
    { label: 'Workflows', icon: <IconRoute size={16} />, go: () => go('/workflows') },
    { label: 'Schedules', icon: <IconCalendarClock size={16} />, go: () => go('/schedules') },
    { label: 'New schedule', icon: <IconPlus size={16} />, go: () => go('/schedules?create') },
    { label: 'Subjects', icon: <IconTable size={16} />, go: () => go('/subjects') },
    { label: 'Statistics', icon: <IconChartBar size={16} />, go: () => go('/statistics') },
    { label: 'Workers and queues', icon: <IconServer2 size={16} />, go: () => go('/workers') },
    { label: 'Settings: API tokens', icon: <IconKey size={16} />, go: () => go('/settings') },
    { label: 'New API token', icon: <IconPlus size={16} />, go: () => go('/settings?create') },
    { label: 'Settings: webhooks', icon: <IconWebhook size={16} />, go: () => go('/settings?tab=webhooks') },
    { label: 'New webhook', icon: <IconPlus size={16} />, go: () => go('/settings?tab=webhooks&create') },
    { label: 'New job', icon: <IconPlus size={16} />, go: () => create.open() },
    { label: 'New workflow', icon: <IconPlus size={16} />, go: () => go('/new-workflow') },
    { label: 'Keyboard shortcuts', icon: <IconKeyboard size={16} />, go: () => helpOpened.set(true) },
    ...(colorScheme === 'auto'
      ? []
      : [{ label: 'Theme of the system', icon: <IconDeviceDesktop size={16} />, go: () => setColorScheme('auto') }]),
    ...(colorScheme === 'dark'
      ? [{ label: 'Light theme', icon: <IconSun size={16} />, go: () => setColorScheme('light') }]
      : [{ label: 'Dark theme', icon: <IconMoon size={16} />, go: () => setColorScheme('dark') }]),
  ].filter(({ label }) => named(label));
  const matching = workflows.filter(({ slug, name }) => named(slug) || named(name)).slice(0, 5);
  // Not those of what was typed before: Enter takes what stands first.
  const isCurrent = settled === query.trim() && !found.fetching && !found.stale;
  const jobs = isCurrent ? (found.data?.jobs.edges.map(({ node }) => node) ?? []) : [];
  const nothing = pages.length + matching.length + jobs.length === 0;

  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={() => paletteOpened.set(false)}
      shortcut={null}
      size={580}
      maxHeight={460}
      scrollable
      radius="lg"
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      lockScroll={false}
      attributes={{ content: { 'aria-label': 'Search and commands' } }}
    >
      <Spotlight.Search
        placeholder="Jobs by id, workflow or subject; workflows; commands"
        aria-label="Search"
        leftSection={<IconSearch size={16} />}
        onKeyDown={takeFirst}
      />
      <Spotlight.ActionsList>
        {jobs.length > 0 && (
          <Spotlight.ActionsGroup label={settled === '' ? 'Latest jobs' : 'Jobs'}>
            {jobs.map((job) => (
              <Spotlight.Action key={job.id} onClick={() => go(`/jobs/${job.id}`)}>
                <span className={classes.job}>
                  <JobStatusChip {...job} />
                  <span className={classes.name}>
                    {job.workflow.slug} <span className="sb-mute">{job.subject}</span>
                  </span>
                  <span className="sb-mono sb-mute">{shortId(job.id)}</span>
                  <span className={classes.ago}>
                    <Ago at={job.createdAt} />
                  </span>
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        )}
        {matching.length > 0 && (
          <Spotlight.ActionsGroup label="Workflows">
            {matching.map(({ id, slug, name }) => (
              <Spotlight.Action
                key={id}
                label={name}
                leftSection={<IconRoute size={16} />}
                onClick={() => go(`/workflows/${slug}`)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label="Commands">
            {pages.map(({ label, icon, go }) => (
              <Spotlight.Action key={label} label={label} leftSection={icon} onClick={go} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {nothing && (
          <Spotlight.Empty>
            {!isCurrent ? 'Searching' : found.error ? 'The jobs could not be searched' : 'Nothing matches'}
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** Enter without a selection takes what stands first. */
function takeFirst(event: KeyboardEvent<HTMLInputElement>): void {
  const dialog = event.currentTarget.closest('[role="dialog"]');
  if (event.key !== 'Enter' || !dialog || dialog.querySelector('[data-action][data-selected]')) return;
  dialog.querySelector<HTMLElement>('[data-action]')?.click();
}
