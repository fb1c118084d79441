import { Button } from '@mantine/core';
import { useState } from 'react';
import { tellDone } from '../../app/tell.tsx';
import type { WorkflowOnPage } from './documents.ts';
import classes from './editor.module.css';
import { Editor } from './editor.tsx';
import { useSourceDraft } from './source-draft.ts';
import { useSave } from './use-save.ts';

interface Props {
  workflow: WorkflowOnPage;
  /** Reads the workflow again, from the server. */
  reload: () => void;
}

/** Changes a workflow: the next version, made from the newest one. */
export default function EditWorkflow({ workflow, reload }: Props) {
  const newest = { text: workflow.source, base: workflow.version };
  const { draft, changed, setDraft, setText } = useSourceDraft(workflow.slug, newest);
  const { save, sending } = useSave();
  const [refused, setRefused] = useState<{ conflict?: string; failure?: string }>({});
  // Also when somebody saved while this page was open, before one tries to save.
  const isBehind = draft.base !== workflow.version;
  const overtaken = isBehind && changed;

  async function submit(base: number) {
    setRefused({});
    const outcome = await save(draft.text, base);
    if ('saved' in outcome) {
      const { version } = outcome.saved;
      // What was typed meanwhile belongs to the version after it.
      setDraft((now) => ({ text: now.text, base: version }));
      tellDone(`Version ${version} saved`, outcome.saved.name);
    } else if ('conflict' in outcome) {
      setRefused({ conflict: outcome.conflict });
      reload();
    } else {
      setRefused({ failure: `${outcome.failure.title}. ${outcome.failure.message}` });
    }
  }

  return (
    <>
      {(overtaken || refused.conflict !== undefined) && (
        <div className={classes.conflict} role="alert">
          <p>
            {overtaken
              ? `Somebody else has saved version ${workflow.version} since you began with version ${draft.base}. “What changed” compares yours with it.`
              : refused.conflict}
          </p>
          {/* A conflict is told before what they saved has been read, and without that there is nothing to choose from. */}
          <Button
            disabled={!isBehind}
            onClick={() => {
              setRefused({});
              setDraft(newest);
            }}
          >
            Take theirs
          </Button>
          <Button variant="danger" loading={sending} disabled={!isBehind} onClick={() => void submit(workflow.version)}>
            Save mine over it
          </Button>
        </div>
      )}
      {refused.failure !== undefined && (
        <p className={classes.failure} role="alert">
          {refused.failure}
        </p>
      )}
      <Editor text={draft.text} onChange={setText} saved={workflow.source}>
        {({ state, issues }) => (
          <>
            {changed && (
              <Button variant="subtle" color="gray" onClick={() => setDraft(newest)}>
                Discard
              </Button>
            )}
            <Button
              variant="primary"
              loading={sending}
              disabled={!changed || (state === 'checked' && issues.length > 0)}
              onClick={() => void submit(draft.base)}
            >
              Save version {draft.base + 1}
            </Button>
          </>
        )}
      </Editor>
    </>
  );
}
