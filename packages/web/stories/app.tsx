import { useState } from 'react';
import { createMemoryRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { Provider as GraphqlProvider } from 'urql';
import schemaText from '../../api/schema.graphql?raw';
import { serveFrom } from '../mock/browser.ts';
import { MockEngine, type MockOptions } from '../mock/engine.ts';
import { createCachedClient } from '../src/app/client.ts';
import { routes } from '../src/app/routes.tsx';

interface Props extends MockOptions {
  /** The address that is opened; it may name a job or a workflow of the world. */
  at: string | ((engine: MockEngine) => string);
}

/** The whole app at an address, with a mock engine in the place of the server. */
export function App({ at, ...options }: Props) {
  const [{ client, router }] = useState(() => {
    const engine = new MockEngine(schemaText, options);
    serveFrom(engine);
    const initialEntries = [typeof at === 'string' ? at : at(engine)];
    return { client: createCachedClient(), router: createMemoryRouter(routes, { initialEntries }) };
  });
  return (
    <GraphqlProvider value={client}>
      <RouterProvider router={router} />
    </GraphqlProvider>
  );
}
