/** A list of all examples, each of which opens in GraphiQL. */
import type { ServerResponse } from 'node:http';
import { sendBody } from './answer.ts';
import { type Example, readExamples } from './examples.ts';

export const EXAMPLES_PATH = '/graphql/examples';

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const STYLE = `:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
dt { margin-top: .75rem; font-family: ui-monospace, monospace } dd { margin: 0 }`;
const HEADINGS = { query: 'Queries', mutation: 'Mutations', subscription: 'Subscriptions' } as const;

let page: Promise<string> | undefined;

export async function answerExamples(response: ServerResponse): Promise<void> {
  page ??= readExamples().then(pageOf);
  response.setHeader('Content-Security-Policy', POLICY);
  sendBody(response, 200, 'text/html; charset=utf-8', await page);
}

function pageOf(examples: readonly Example[]): string {
  const parts = (['query', 'mutation', 'subscription'] as const).map((kind) => {
    const entries = examples.filter((example) => example.kind === kind).map(entryOf);
    return `<h2>${HEADINGS[kind]}</h2>\n<dl>\n${entries.join('\n')}\n</dl>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Signalbox API: examples</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<h1>Examples</h1>
<p>One for each operation of the API. A link opens it in <a href="/graphql">GraphiQL</a>, with its variables.</p>
${parts.join('\n')}
</body>
</html>
`;
}

function entryOf({ name, query, title, variables }: Example): string {
  const search = new URLSearchParams({ query, ...(variables !== undefined && { variables }) });
  return `<dt><a href="/graphql?${escaped(String(search))}">${name}</a></dt><dd>${escaped(title)}</dd>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
