import type { Meta, StoryObj } from '@storybook/react-vite';
import { createWorld } from '../mock/world.ts';
import { App } from './app.tsx';

const meta: Meta<typeof App> = { title: 'Screens/Workflows', component: App };
export default meta;
type Story = StoryObj<typeof App>;

export const List: Story = { args: { at: '/workflows' } };
export const NoJobsYet: Story = { args: { at: '/workflows', world: createWorld({ jobs: 0 }) } };
export const Loading: Story = { args: { at: '/workflows', mood: 'endless' } };
export const ServerAway: Story = { args: { at: '/workflows', mood: 'down' } };
export const Overview: Story = { args: { at: '/workflows/release' } };
export const Edit: Story = { args: { at: '/workflows/release?tab=edit' } };
export const Versions: Story = { args: { at: '/workflows/release?tab=versions' } };
export const New: Story = { args: { at: '/new-workflow' } };
export const NotFound: Story = { args: { at: '/workflows/no-such-workflow' } };
export const NoSuchPage: Story = { args: { at: '/nowhere' } };
