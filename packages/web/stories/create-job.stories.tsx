import type { Meta, StoryObj } from '@storybook/react-vite';
import { App } from './app.tsx';
import { shows } from './shows.ts';

const meta: Meta<typeof App> = { title: 'Screens/New job', component: App };
export default meta;
type Story = StoryObj<typeof App>;

export const Choose: Story = {
  args: { at: '/jobs?new=' },
  play: shows('Its form appears here.'),
};
export const Form: Story = { args: { at: '/jobs?new=nightly-report' }, play: shows('Region', /Most rows/) };
export const UnknownWorkflow: Story = { args: { at: '/jobs?new=no-such-workflow' }, play: shows(/no-such-workflow/) };
