/** Coming in and going out. Each loads the page anew, so that nothing of somebody else's data stays in memory. */

let isLeaving = false;

/** Leads to the login page, and from there back to the page that is shown now. */
export function askToSignIn(): void {
  if (isLeaving || location.pathname === '/login') return;
  isLeaving = true;
  const { hash, pathname, search } = location;
  location.assign(`/login?${new URLSearchParams({ to: pathname + search + hash })}`);
}

/** A page of this app, whatever the address says: nobody is led elsewhere. */
export function pageAfterSignIn(asked: string | null): string {
  if (asked === null || !URL.canParse(asked, location.origin)) return '/jobs';
  const { hash, origin, pathname, search } = new URL(asked, location.origin);
  return origin === location.origin && !pathname.startsWith('//') && pathname !== '/login'
    ? pathname + search + hash
    : '/jobs';
}

/** False when the server could not be reached: then nothing has changed. */
export async function signOut({ everywhere }: { everywhere: boolean }): Promise<boolean> {
  isLeaving = true;
  const path = everywhere ? '/auth/session?everywhere' : '/auth/session';
  const response = await fetch(path, { method: 'DELETE' }).catch(() => undefined);
  isLeaving = response?.ok ?? false;
  if (isLeaving) location.assign('/login');
  return isLeaving;
}
