import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Json } from '../../app/graphql.ts';
import { JsonView } from '../../json/json-view.tsx';
import classes from './artifacts.module.css';
import type { StepInPanel } from './panel-props.ts';

type Artifact = StepInPanel['artifacts'][number];
type Kind = 'image' | 'page' | 'json' | 'text';

/** Larger files are for other programs. */
const MOST_TEXT = 512_000;
const MOST_IMAGE = 20_000_000;

/** How a file can be shown; undefined when it is better downloaded. */
export function previewOf({ contentType, sizeBytes }: Artifact): Kind | undefined {
  const type = contentType.split(';')[0]?.trim() ?? '';
  const size = Number(sizeBytes);
  if (/^image\/(png|jpeg|gif|webp|avif|svg\+xml)$/.test(type)) return size <= MOST_IMAGE ? 'image' : undefined;
  if (size > MOST_TEXT) return undefined;
  if (type === 'text/html') return 'page';
  if (/[/+]json$/.test(type)) return 'json';
  return type.startsWith('text/') || /^application\/(xml|yaml|x-ndjson)$/.test(type) ? 'text' : undefined;
}

/** A file as it looks. A page is shown without its scripts, in a frame that can reach nothing. */
export function ArtifactPreview({ artifact }: { artifact: Artifact }) {
  const { url, name } = artifact;
  switch (previewOf(artifact)) {
    case 'image':
      return <img className={classes.image} src={url} alt={name} />;
    case 'page':
      return <iframe className={classes.page} src={`${url}?view`} sandbox="" title={name} />;
    case 'json':
      return <Text url={url} json />;
    default:
      return <Text url={url} />;
  }
}

function Text({ url, json = false }: { url: string; json?: boolean }) {
  const [text, setText] = useState<string>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const stop = new AbortController();
    readText(url, stop.signal).then(setText, (error: unknown) => {
      if (!stop.signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
    });
    return () => stop.abort();
  }, [url]);
  if (problem !== undefined) return <p className={classes.problem}>The file could not be read: {problem}</p>;
  if (text === undefined) return <Skeleton height={60} />;
  const value = json ? parse(text) : undefined;
  return value === undefined ? (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre className={classes.text} tabIndex={0}>
      {text}
    </pre>
  ) : (
    <JsonView value={value} openTo={3} />
  );
}

async function readText(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(await response.text());
  return response.text();
}

function parse(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
