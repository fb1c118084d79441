import { Button, NativeSelect, Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { CopyButton } from '../../ids/copy-button.tsx';
import { Ago } from '../../time/ago.tsx';
import type { WorkflowOnPage } from './documents.ts';
import classes from './versions.module.css';
import type { WorkflowView } from './view.ts';

const Difference = lazy(() => import('./difference.tsx'));
const Source = lazy(() => import('./source.tsx'));

interface Props {
  workflow: WorkflowOnPage;
  view: WorkflowView;
  onChange: (part: Partial<WorkflowView>) => void;
  /** Takes a version's text into the editor. */
  onRestore: (source: string) => void;
}

/** Every version of the workflow, and what changed from one to another. */
export function Versions({ workflow, view, onChange, onRestore }: Props) {
  const { versions } = workflow;
  const shown = versions.find(({ version }) => version === view.version) ?? versions[0];
  const older = versions.find(({ version }) => version === (view.against ?? (shown?.version ?? 1) - 1));
  if (!shown) return null;
  return (
    <div className={classes.columns}>
      <nav aria-label="Versions">
        <ol className={classes.list}>
          {versions.map(({ version, createdAt }) => (
            <li key={version}>
              <button
                type="button"
                className={classes.version}
                aria-current={version === shown.version || undefined}
                onClick={() => onChange({ version, against: undefined })}
              >
                <span>Version {version}</span>
                <span className="sb-mute">
                  <Ago at={createdAt} />
                </span>
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <section className={classes.text} aria-label={`Version ${shown.version}`}>
        <div className={classes.head}>
          <h2>Version {shown.version}</h2>
          {versions.length > 1 && (
            <NativeSelect
              aria-label="Compared with"
              value={older ? String(older.version) : ''}
              data={[
                { value: '', label: 'the whole text' },
                ...versions
                  .filter(({ version }) => version !== shown.version)
                  .map(({ version }) => ({ value: String(version), label: `compared with version ${version}` })),
              ]}
              onChange={(event) => onChange({ against: Number(event.currentTarget.value) })}
            />
          )}
          <span className={classes.tools}>
            <CopyButton value={shown.source} label="Copy the source" />
            {shown.version !== workflow.version && (
              <Button onClick={() => onRestore(shown.source)}>Edit this version</Button>
            )}
          </span>
        </div>
        <Suspense fallback={<Skeleton height={320} />}>
          {older ? (
            <Difference
              before={older.source}
              after={shown.source}
              label={`Version ${shown.version} compared with version ${older.version}`}
            />
          ) : (
            <Source text={shown.source} />
          )}
        </Suspense>
      </section>
    </div>
  );
}
