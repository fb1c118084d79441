import type { Meta, StoryObj } from '@storybook/react-vite';
import { createWorld } from '../mock/world.ts';
import { App } from './app.tsx';
import { shows } from './shows.ts';

const meta: Meta<typeof App> = { title: 'Screens/Job list', component: App, args: { at: '/jobs' } };
export default meta;
type Story = StoryObj<typeof App>;

/** Jobs start, run and end while one looks; one step in twenty fails. */
export const Live: Story = { play: shows('nightly-report') };
export const Many: Story = { args: { world: createWorld({ jobs: 400, seed: 3 }) }, play: shows('nightly-report') };
export const FailedOnly: Story = { args: { at: '/jobs?status=failed' }, play: shows(/answered with 503/) };
export const Empty: Story = { args: { world: createWorld({ jobs: 0 }) }, play: shows(/No jobs/) };
export const Loading: Story = { args: { mood: 'endless' } };
export const ServerAway: Story = { args: { mood: 'down' }, play: shows('The server could not be reached') };
export const Forbidden: Story = { args: { mood: 'forbidden' }, play: shows('You may not see this') };
/** Every other step fails. */
export const ABadDay: Story = { args: { failureRate: 0.5 }, play: shows('nightly-report') };
