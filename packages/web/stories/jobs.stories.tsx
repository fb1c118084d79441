import type { Meta, StoryObj } from '@storybook/react-vite';
import { createWorld } from '../mock/world.ts';
import { App } from './app.tsx';

const meta: Meta<typeof App> = { title: 'Screens/Job list', component: App, args: { at: '/jobs' } };
export default meta;
type Story = StoryObj<typeof App>;

/** Jobs start, run and end while one looks; one step in twenty fails. */
export const Live: Story = {};
export const Many: Story = { args: { world: createWorld({ jobs: 400, seed: 3 }) } };
export const FailedOnly: Story = { args: { at: '/jobs?status=failed' } };
export const Empty: Story = { args: { world: createWorld({ jobs: 0 }) } };
export const Loading: Story = { args: { mood: 'endless' } };
export const ServerAway: Story = { args: { mood: 'down' } };
export const Forbidden: Story = { args: { mood: 'forbidden' } };
/** Every other step fails. */
export const ABadDay: Story = { args: { failureRate: 0.5 } };
