import { type RouteObject, redirect } from 'react-router';
import { JobsScreen } from '../screens/jobs/screen.tsx';
import { readStart } from '../screens/jobs/start-view.ts';
import { Crash } from './crash.tsx';
import { NotFound } from './not-found.tsx';
import { Shell } from './shell.tsx';

/** Every page of the app. The job list comes with the first load, each other page when it is wanted. */
export const routes: RouteObject[] = [
  {
    path: 'login',
    errorElement: <Crash />,
    hydrateFallbackElement: <></>,
    lazy: async () => ({ Component: (await import('../screens/login/screen.tsx')).LoginScreen }),
  },
  {
    element: <Shell />,
    errorElement: <Crash />,
    children: [
      {
        errorElement: <Crash />,
        // What a lazy page shows until its code is here: nothing, for a few milliseconds.
        hydrateFallbackElement: <></>,
        children: [
          { index: true, loader: () => redirect(`/jobs?${readStart()}`.replace(/\?$/, '')) },
          { path: 'jobs', element: <JobsScreen /> },
          {
            path: 'jobs/:id',
            lazy: async () => ({ Component: (await import('../screens/job/screen.tsx')).JobScreen }),
          },
          {
            path: 'workflows',
            lazy: async () => ({ Component: (await import('../screens/workflows/screen.tsx')).WorkflowsScreen }),
          },
          {
            path: 'new-workflow',
            lazy: async () => ({ Component: (await import('../screens/workflow/new.tsx')).NewWorkflowScreen }),
          },
          {
            path: 'workflows/:slug',
            lazy: async () => ({ Component: (await import('../screens/workflow/screen.tsx')).WorkflowScreen }),
          },
          {
            path: 'compare',
            lazy: async () => ({ Component: (await import('../screens/compare/screen.tsx')).CompareScreen }),
          },
          {
            path: 'schedules',
            lazy: async () => ({ Component: (await import('../screens/schedules/screen.tsx')).SchedulesScreen }),
          },
          {
            path: 'subjects',
            lazy: async () => ({ Component: (await import('../screens/subjects/screen.tsx')).SubjectsScreen }),
          },
          {
            path: 'statistics',
            lazy: async () => ({ Component: (await import('../screens/statistics/screen.tsx')).StatisticsScreen }),
          },
          {
            path: 'workers',
            lazy: async () => ({ Component: (await import('../screens/workers/screen.tsx')).WorkersScreen }),
          },
          {
            path: 'settings',
            lazy: async () => ({ Component: (await import('../screens/settings/screen.tsx')).SettingsScreen }),
          },
          { path: '*', element: <NotFound title="This page does not exist" /> },
        ],
      },
    ],
  },
];
