// Before anything of the app.
import '../mock/browser.ts';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '../src/app/mantine.css';
import '../src/app/tokens.css';
import '../src/app/base.css';
import { MantineProvider } from '@mantine/core';
import type { Preview } from '@storybook/react-vite';
import { cssVariables, theme } from '../src/app/theme.ts';

const preview: Preview = {
  parameters: {
    layout: 'fullscreen',
    controls: { disable: true },
    // What axe finds fails the story.
    a11y: { test: 'error' },
  },
  globalTypes: {
    theme: {
      description: 'Light or dark',
      toolbar: { icon: 'contrast', items: ['light', 'dark'], dynamicTitle: true },
    },
  },
  initialGlobals: { theme: 'light' },
  decorators: [
    (Story, { globals }) => (
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        forceColorScheme={globals.theme === 'dark' ? 'dark' : 'light'}
      >
        <Story />
      </MantineProvider>
    ),
  ],
};

export default preview;
