import { useEffect, useState } from 'react';

/** How one can sign in here. */
export interface Methods {
  /** False: authentication is off, and everybody is in already. */
  required: boolean;
  oidc: { name: string } | null;
}

/** Undefined until it is known, null when the server does not say. */
export function useMethods(): Methods | null | undefined {
  const [methods, setMethods] = useState<Methods | null>();
  useEffect(() => {
    const gone = new AbortController();
    const read = async () => {
      const response = await fetch('/auth/methods', { signal: gone.signal });
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      const told: Methods = await response.json();
      setMethods(told);
    };
    read().catch(() => {
      if (!gone.signal.aborted) setMethods(null);
    });
    return () => gone.abort();
  }, []);
  return methods;
}

/** Undefined when it worked, else why it did not, for the person who typed it. */
export async function signInWith(token: string): Promise<string | undefined> {
  try {
    const response = await fetch('/auth/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    if (response.ok) return undefined;
    const { errors }: { errors?: { message: string }[] } = await response.json();
    return errors?.[0]?.message ?? 'The server refused the token.';
  } catch {
    return 'The server could not be reached. Check that Signalbox is running, and try again.';
  }
}

/** What the way back from an OpenID provider may say. */
const PROBLEMS: Record<string, string> = {
  provider: 'The sign-in could not be completed. Try again; if it stays so, the log of the server says why.',
  denied: 'The sign-in was cancelled.',
  expired: 'The sign-in took too long, or was begun in another browser. Start it again.',
  role: 'You were recognised, but none of your groups may use Signalbox. Ask an administrator.',
  tenant: 'You were recognised, but your organisation is not known here. Ask an administrator.',
};

export function describeProblem(problem: string | null): string | undefined {
  return problem === null ? undefined : (PROBLEMS[problem] ?? PROBLEMS.provider);
}
