import type { Meta, StoryObj } from '@storybook/react-vite';
import { within } from 'storybook/test';
import { App } from './app.tsx';
import { PATIENCE, shows } from './shows.ts';

const meta: Meta<typeof App> = { title: 'Screens/Settings', component: App, args: { at: '/settings' } };
export default meta;
type Story = StoryObj<typeof App>;

const NOTHING = { tokens: [], webhooks: [] };

export const Tokens: Story = { play: shows('Nightly build', 'Ends soon', 'Expired', 'Revoked') };
export const NoTokens: Story = { args: { settings: NOTHING }, play: shows('No API tokens yet') };
/** Its text is shown once. */
export const NewToken: Story = {
  args: { at: '/settings?create' },
  play: async ({ canvasElement, userEvent }) => {
    const { findByDisplayValue, findByLabelText, findByRole } = within(canvasElement.ownerDocument.body);
    await userEvent.type(await findByLabelText('Name', {}, PATIENCE), 'From a story');
    await userEvent.click(await findByRole('button', { name: /Make the token/ }, PATIENCE));
    await findByDisplayValue(/^sbx_api_/, {}, PATIENCE);
  },
};
export const Webhooks: Story = {
  args: { at: '/settings?tab=webhooks' },
  play: shows('https://hooks.example.com/signalbox', 'The receiver answered with 503'),
};
export const NoWebhooks: Story = {
  args: { at: '/settings?tab=webhooks', settings: NOTHING },
  play: shows('No webhooks yet'),
};
export const NewWebhook: Story = {
  args: { at: '/settings?tab=webhooks&create' },
  play: shows('States that are told'),
};
export const NotAnAdmin: Story = { args: { scopes: ['READ'] }, play: shows('You may not see API tokens') };
export const Loading: Story = { args: { mood: 'endless' }, play: shows('Settings') };
export const ServerAway: Story = { args: { mood: 'down' }, play: shows('The server could not be reached') };
