import { Button } from '@mantine/core';
import { IconError404 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Message } from './message.tsx';
import { usePageTitle } from './page-title.ts';

interface Props {
  title: string;
  children?: ReactNode;
  /** Where to go from here; the job list unless told. */
  back?: { to: string; label: string };
}

/** Says that what the address names is not there, with a way back. */
export function NotFound({ title, children, back = { to: '/jobs', label: 'All jobs' } }: Props) {
  usePageTitle('Not found');
  return (
    <Message
      page
      icon={<IconError404 size={24} />}
      title={title}
      actions={
        <Button component={Link} to={back.to} variant="primary">
          {back.label}
        </Button>
      }
    >
      {children}
    </Message>
  );
}
