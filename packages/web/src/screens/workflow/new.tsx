import { Button, NativeSelect } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useClient } from 'urql';
import { describeError } from '../../app/failure.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { tellDone, tellFailure } from '../../app/tell.tsx';
import { useWorkflowNames } from '../../app/workflow-names.ts';
import { WorkflowPage } from './documents.ts';
import editorClasses from './editor.module.css';
import { Editor } from './editor.tsx';
import { asNew, EXAMPLES } from './examples.ts';
import classes from './screen.module.css';
import { keepSource, useSourceDraft } from './source-draft.ts';
import { useSave } from './use-save.ts';

const KEPT = '(new)';

/** Writes a new workflow, beginning with an example or with one that is there. */
export function NewWorkflowScreen() {
  usePageTitle('New workflow');
  const navigate = useNavigate();
  const client = useClient();
  const workflows = useWorkflowNames();
  const [params] = useSearchParams();
  const [first] = EXAMPLES;
  const [begun, setBegun] = useState(first.name);
  const { draft, changed, setText } = useSourceDraft(KEPT, { text: first.source, base: 0 });
  const { save, sending } = useSave();
  const [failure, setFailure] = useState<string>();

  async function begin(name: string) {
    const example = EXAMPLES.find((each) => each.name === name);
    if (example) {
      setBegun(name);
      return setText(example.source);
    }
    const { data, error } = await client.query(WorkflowPage, { slug: name });
    if (!data?.workflow) return tellFailure('This workflow could not be read', describeError(error).message);
    setBegun(name);
    setText(asNew(data.workflow.source));
  }

  const asked = params.get('from');
  const beginAsked = useEffectEvent(begin);
  useEffect(() => {
    if (asked !== null) void beginAsked(asked);
  }, [asked]);

  async function submit() {
    setFailure(undefined);
    const outcome = await save(draft.text, 0);
    if ('saved' in outcome) {
      keepSource(KEPT, undefined);
      tellDone('Workflow saved', outcome.saved.name);
      void navigate(`/workflows/${outcome.saved.slug}`, { replace: true });
    } else if ('conflict' in outcome) {
      setFailure('There is a workflow with this slug already. Give yours another one.');
    } else {
      setFailure(`${outcome.failure.title}. ${outcome.failure.message}`);
    }
  }

  return (
    <div className={classes.screen} data-full>
      <div className={classes.head}>
        <nav aria-label="Breadcrumb" className={classes.crumbs}>
          <Link to="/workflows" className="sb-link sb-mute">
            Workflows
          </Link>
          <span className="sb-faint" aria-hidden="true">
            /
          </span>
        </nav>
        <h1>New workflow</h1>
        <NativeSelect
          aria-label="Begin with"
          value={begun}
          data={[
            { group: 'Examples', items: EXAMPLES.map(({ name, title }) => ({ value: name, label: title })) },
            { group: 'A copy of', items: workflows.map(({ slug }) => ({ value: slug, label: slug })) },
          ]}
          onChange={(event) => void begin(event.currentTarget.value)}
        />
      </div>
      <div className={classes.part} style={{ marginTop: 14 }}>
        {failure !== undefined && (
          <p className={editorClasses.failure} role="alert">
            {failure}
          </p>
        )}
        <Editor text={draft.text} onChange={setText} saved={undefined}>
          {({ state, issues }) => (
            <>
              {changed && (
                <Button variant="subtle" color="gray" onClick={() => void begin(begun)}>
                  Start over
                </Button>
              )}
              <Button
                variant="primary"
                loading={sending}
                disabled={state === 'checked' && issues.length > 0}
                onClick={() => void submit()}
              >
                Save workflow
              </Button>
            </>
          )}
        </Editor>
      </div>
    </div>
  );
}
