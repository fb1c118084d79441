import { useQuery } from 'urql';
import { graphql, type ResultOf } from './graphql.ts';

const ViewerQuery = graphql(`
  query Viewer {
    viewer {
      name
      scopes
      signedInBy
      expiresAt
      tenant {
        slug
        name
      }
    }
  }
`);

export type Viewer = ResultOf<typeof ViewerQuery>['viewer'];
export type Scope = Viewer['scopes'][number];

/** Who sits in front of the screen; undefined until it is known. */
export function useViewer(): Viewer | undefined {
  const [{ data }] = useQuery({ query: ViewerQuery });
  return data?.viewer;
}

/** What somebody is called who may do so much. */
export const WORDS: Record<Scope, string> = { READ: 'Read only', OPERATE: 'Operator', ADMIN: 'Admin' };

/** The most that somebody may do, in a word. */
export function roleWord({ scopes }: Viewer): string {
  return WORDS[scopes.at(-1) ?? 'READ'];
}

/** Whether somebody signed in who can sign out, unlike on a machine of one's own or with a token. */
export function hasSession(viewer: Viewer | undefined): viewer is Viewer {
  return viewer?.signedInBy === 'SESSION' || viewer?.signedInBy === 'OIDC';
}
