import { Alert, Button, PasswordInput, Skeleton } from '@mantine/core';
import '@mantine/core/styles/Alert.layer.css';
import '@mantine/core/styles/PasswordInput.layer.css';
import { IconAlertTriangle, IconKey, IconPlugConnectedX } from '@tabler/icons-react';
import { type ReactNode, type SubmitEvent, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { ColorSchemeMenu } from '../../app/color-scheme-menu.tsx';
import { Logo } from '../../app/logo.tsx';
import { usePageTitle } from '../../app/page-title.ts';
import { pageAfterSignIn } from '../../app/sign-in.ts';
import { describeProblem, type Methods, signInWith, useMethods } from './methods.ts';
import classes from './screen.module.css';

/** Where everybody starts who is not signed in, and goes on to the page that was asked for. */
export function LoginScreen() {
  usePageTitle('Sign in');
  const methods = useMethods();
  const [search] = useSearchParams();
  const to = pageAfterSignIn(search.get('to'));
  const isOpen = methods?.required === false;
  useEffect(() => {
    if (isOpen) location.replace(to);
  }, [isOpen, to]);

  return (
    <div className={classes.screen}>
      <div className={classes.corner}>
        <ColorSchemeMenu />
      </div>
      <main className={classes.card} aria-busy={methods === undefined}>
        <h1 className={classes.title}>
          <Logo />
          Sign in to Signalbox
        </h1>
        {methods === undefined && <Skeleton height={126} />}
        {methods === null && (
          <Trouble icon={<IconPlugConnectedX size={16} />}>
            The server could not be reached. Check that Signalbox is running, and load this page again.
          </Trouble>
        )}
        {methods && <Ways methods={methods} to={to} problem={describeProblem(search.get('problem'))} />}
      </main>
    </div>
  );
}

function Trouble({ children, icon }: { children: ReactNode; icon: ReactNode }) {
  return (
    <Alert icon={icon} role="alert" classNames={{ root: classes.trouble, icon: classes.troubleIcon }}>
      {children}
    </Alert>
  );
}

function Ways({ methods, problem, to }: { methods: Methods; problem: string | undefined; to: string }) {
  return (
    <>
      {problem !== undefined && <Trouble icon={<IconAlertTriangle size={16} />}>{problem}</Trouble>}
      {methods.oidc && (
        <>
          <Button
            component="a"
            href={`/auth/oidc?${new URLSearchParams({ to })}`}
            variant="primary"
            fullWidth
            size="md"
          >
            Sign in with {methods.oidc.name}
          </Button>
          <div className={classes.or}>or with an API token</div>
        </>
      )}
      <TokenForm to={to} isMain={!methods.oidc} />
    </>
  );
}

function TokenForm({ isMain, to }: { isMain: boolean; to: string }) {
  const [token, setToken] = useState('');
  const [refusal, setRefusal] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (token.trim() === '') return setRefusal('Paste an API token. It begins with sbx_api_.');
    setBusy(true);
    const failure = await signInWith(token);
    if (failure === undefined) return location.replace(to);
    setBusy(false);
    setRefusal(failure);
  }

  return (
    <form className={classes.form} onSubmit={(event) => void submit(event)} noValidate>
      <PasswordInput
        label="API token"
        description={
          <>
            From an administrator, or made with <code>npm run token</code>
          </>
        }
        placeholder="sbx_api_…"
        autoComplete="current-password"
        autoFocus={isMain}
        spellCheck={false}
        leftSection={<IconKey size={15} />}
        value={token}
        error={refusal}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }}
        onChange={(event) => {
          setToken(event.currentTarget.value);
          setRefusal(undefined);
        }}
      />
      <Button type="submit" variant={isMain ? 'primary' : 'default'} fullWidth size="md" loading={isBusy}>
        Sign in
      </Button>
    </form>
  );
}
