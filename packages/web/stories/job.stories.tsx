import type { Meta, StoryObj } from '@storybook/react-vite';
import type { MockEngine } from '../mock/engine.ts';
import type { MockStatus } from '../mock/world.ts';
import { App } from './app.tsx';

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
export const Running: Story = { args: { at: ofStatus('RUNNING') } };
export const Completed: Story = { args: { at: ofStatus('COMPLETED') } };
export const Failed: Story = { args: { at: ofStatus('FAILED') } };
export const Cancelled: Story = { args: { at: ofStatus('CANCELLED') } };
export const NotFound: Story = { args: { at: '/jobs/0199c0de-0000-7000-8000-00000000dead' } };
export const Loading: Story = { args: { at: '/jobs/0199c0de-0000-7000-8000-000000000007', mood: 'endless' } };
export const ServerAway: Story = { args: { at: '/jobs/0199c0de-0000-7000-8000-000000000007', mood: 'down' } };
