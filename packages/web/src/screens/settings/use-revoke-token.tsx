import { useClient } from 'urql';
import { ask } from '../../app/ask.ts';
import { describeError, describeResult } from '../../app/failure.ts';
import { tellDone, tellFailure } from '../../app/tell.tsx';
import { useViewer } from '../../app/viewer.ts';
import { type ApiToken, RevokeApiToken } from './documents.ts';

/** Ends a token after a question. */
export function useRevokeToken({ id, name, prefix }: ApiToken): () => void {
  const client = useClient();
  const viewer = useViewer();

  async function revoke() {
    const { data, error } = await client.mutation(RevokeApiToken, { id });
    const result = data?.revokeApiToken;
    if (result?.__typename === 'ApiToken') return tellDone('Token revoked', name);
    const failure = result ? describeResult(result) : describeError(error);
    tellFailure(`Revoke: ${failure.title}`, failure.message);
  }

  return () =>
    ask({
      title: 'Revoke this token?',
      children: (
        <>
          <p>
            <strong>{name}</strong> <span className="sb-mono sb-mute">{prefix}…</span>
          </p>
          <p className="sb-mute">
            Whatever uses it is refused from then on, and browsers that signed in with it are signed out
            {viewer?.name === name && ', perhaps this one too, for it has your name'}. It cannot be taken back.
          </p>
        </>
      ),
      confirm: 'Revoke the token',
      cancel: 'Keep it',
      onConfirm: () => void revoke(),
    });
}
