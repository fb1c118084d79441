import type { Meta, StoryObj } from '@storybook/react-vite';
import { createWorld } from '../mock/world.ts';
import { App } from './app.tsx';
import { shows } from './shows.ts';

const meta: Meta<typeof App> = { title: 'Screens/Workflows', component: App };
export default meta;
type Story = StoryObj<typeof App>;

export const List: Story = { args: { at: '/workflows' }, play: shows('Nightly report', 'Ticket triage') };
export const NoJobsYet: Story = {
  args: { at: '/workflows', world: createWorld({ jobs: 0 }) },
  play: shows('no job yet'),
};
export const Loading: Story = { args: { at: '/workflows', mood: 'endless' } };
export const ServerAway: Story = {
  args: { at: '/workflows', mood: 'down' },
  play: shows('The server could not be reached'),
};
export const Overview: Story = {
  args: { at: '/workflows/release' },
  play: shows('Release', /Builds, tests and publishes/),
};
export const Edit: Story = { args: { at: '/workflows/release?tab=edit' }, play: shows(/e2e/) };
export const Versions: Story = { args: { at: '/workflows/release?tab=versions' }, play: shows(/Version 2/) };
export const New: Story = { args: { at: '/new-workflow' }, play: shows('Valid') };
export const NotFound: Story = {
  args: { at: '/workflows/no-such-workflow' },
  play: shows('There is no such workflow'),
};
export const NoSuchPage: Story = { args: { at: '/nowhere' }, play: shows('This page does not exist') };
