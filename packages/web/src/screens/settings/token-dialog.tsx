import { useState } from 'react';
import { useDialogPlace } from '../../app/use-dialog-place.ts';
import { SettingsDialog } from './settings-dialog.tsx';
import { ShownOnce } from './shown-once.tsx';
import { TokenForm } from './token-form.tsx';

/** Makes a token, and shows its text. */
export default function TokenDialog() {
  const { close } = useDialogPlace();
  const [text, setText] = useState<string>();
  return (
    <SettingsDialog
      title={text === undefined ? 'New API token' : 'The token'}
      final={text !== undefined}
      onClose={close}
    >
      {text === undefined ? (
        <TokenForm onMade={setText} onClose={close} />
      ) : (
        <ShownOnce label="API token" secret={text} onClose={close}>
          Send it as a header, like this:
          <pre className="sb-mono">{usage(text)}</pre>
        </ShownOnce>
      )}
    </SettingsDialog>
  );
}

function usage(text: string): string {
  return `curl ${location.origin}/graphql \\
  -H 'Authorization: Bearer ${text}' \\
  -H 'Content-Type: application/json' \\
  -d '{"query":"{ viewer { name scopes } }"}'`;
}
