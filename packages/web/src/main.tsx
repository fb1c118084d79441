import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './app/mantine.css';
import './app/tokens.css';
import './app/base.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { Provider as GraphqlProvider } from 'urql';
import { client } from './app/client.ts';
import { styleNonce } from './app/nonce.ts';
import { router } from './app/router.tsx';
import { cssVariables, theme } from './app/theme.ts';
import { readAhead } from './screens/jobs/read-ahead.ts';

const container = document.getElementById('app');
if (!container) throw new Error('index.html has no element with the id app.');

if (location.pathname === '/jobs') readAhead(location.search);

createRoot(container).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce() ?? ''}
    >
      <GraphqlProvider value={client}>
        <RouterProvider router={router} />
      </GraphqlProvider>
    </MantineProvider>
  </StrictMode>,
);
