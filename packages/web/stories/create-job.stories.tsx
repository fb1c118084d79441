import type { Meta, StoryObj } from '@storybook/react-vite';
import { App } from './app.tsx';

const meta: Meta<typeof App> = { title: 'Screens/New job', component: App };
export default meta;
type Story = StoryObj<typeof App>;

export const Choose: Story = { args: { at: '/jobs?new=' } };
export const Form: Story = { args: { at: '/jobs?new=nightly-report' } };
export const UnknownWorkflow: Story = { args: { at: '/jobs?new=no-such-workflow' } };
