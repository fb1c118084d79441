import '@mantine/core/styles/Switch.layer.css';
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { Lacking } from '../../app/lacking.tsx';
import { usePageTitle } from '../../app/page-title.ts';
import { Tabs, tabId } from '../../app/tabs.tsx';
import { useViewer } from '../../app/viewer.ts';
import { PARTS, type Part, useSettingsPart } from './part.ts';
import classes from './screen.module.css';
import { Tokens } from './tokens.tsx';
import { WebhooksPart } from './webhooks.tsx';

const PART_WORDS: Record<Part, string> = { tokens: 'API tokens', webhooks: 'Webhooks' };

/** What an admin sets for the tenant: who may come in by a token, and which addresses are told of jobs. */
export function SettingsScreen() {
  const { part, choose } = useSettingsPart();
  usePageTitle(PART_WORDS[part]);
  // Until it is known, it is tried: the server has the last word.
  const mayAdminister = useViewer()?.scopes.includes('ADMIN') ?? true;
  return (
    <div className={classes.screen}>
      <h1>Settings</h1>
      <Tabs
        label="Parts of the settings"
        controls="settings-part"
        tabs={PARTS.map((name) => ({ name, label: PART_WORDS[name] }))}
        chosen={part}
        onChoose={choose}
      />
      <div id="settings-part" role="tabpanel" aria-labelledby={tabId('settings-part', part)}>
        {!mayAdminister ? (
          <div className={classes.none}>
            <Lacking
              title={`You may not see ${part === 'tokens' ? 'API tokens' : 'webhooks'}`}
              needs="ADMIN"
              actions={
                <Button component={Link} to="/jobs" variant="primary">
                  All jobs
                </Button>
              }
            />
          </div>
        ) : part === 'tokens' ? (
          <Tokens />
        ) : (
          <WebhooksPart />
        )}
      </div>
    </div>
  );
}
