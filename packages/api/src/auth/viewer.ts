import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';

export type Right = 'read' | 'operate' | 'admin';

/**
 * How somebody proved who they are: not at all, by an API token, or by a session of the web app that was made with a token or
 * by an OpenID provider.
 */
export type SignInMethod = 'LOCAL' | 'TOKEN' | 'SESSION' | 'OIDC';

/** Who asks. Rights are nested: whoever may operate may read, and an admin may do both. */
export interface Viewer {
  tenantId: string;
  /** For people to read, where it is kept who did something. */
  name: string;
  /** Whose what is kept for one is: the name, but for those who choose theirs themselves. */
  owner: string;
  rights: ReadonlySet<Right>;
  signedInBy: SignInMethod;
  /** Until when; null when it does not end by itself. */
  expiresAt: Date | null;
  /** The id of the token or the session; absent for a local user, who needs none. */
  credentialId?: string;
}

/** Without authentication the service listens on loopback only, and whoever reaches it may do everything. */
export const LOCAL_VIEWER: Viewer = {
  tenantId: DEFAULT_TENANT_ID,
  name: 'local user',
  owner: 'local user',
  rights: new Set<Right>(['read', 'operate', 'admin']),
  signedInBy: 'LOCAL',
  expiresAt: null,
};
