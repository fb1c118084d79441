import type { Meta, StoryObj } from '@storybook/react-vite';
import type { MockEngine } from '../mock/engine.ts';
import type { MockStatus } from '../mock/world.ts';
import { App } from './app.tsx';
import { shows } from './shows.ts';

const meta: Meta<typeof App> = { title: 'Screens/Job', component: App };
export default meta;
type Story = StoryObj<typeof App>;

const ofStatus =
  (status: MockStatus) =>
  ({ world, simulation }: MockEngine) => {
    if (status === 'RUNNING') simulation.tick(0);
    return `/jobs/${world.jobs.find((job) => job.status === status)?.id}`;
  };

/** It goes on by itself, its log too. */
export const Running: Story = { args: { at: ofStatus('RUNNING') }, play: shows('Running') };
export const Completed: Story = { args: { at: ofStatus('COMPLETED') }, play: shows('Completed') };
export const Failed: Story = { args: { at: ofStatus('FAILED') }, play: shows(/answered with 503/) };
export const Cancelled: Story = { args: { at: ofStatus('CANCELLED') }, play: shows('Cancelled') };
export const NotFound: Story = {
  args: { at: '/jobs/0199c0de-0000-7000-8000-00000000dead' },
  play: shows('There is no such job'),
};
export const Loading: Story = { args: { at: '/jobs/0199c0de-0000-7000-8000-000000000007', mood: 'endless' } };
export const ServerAway: Story = {
  args: { at: '/jobs/0199c0de-0000-7000-8000-000000000007', mood: 'down' },
  play: shows('The server could not be reached'),
};
