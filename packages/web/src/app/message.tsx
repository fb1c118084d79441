import type { ReactNode } from 'react';
import classes from './message.module.css';

interface Props {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Whether the title is the heading of the whole page. */
  page?: boolean;
}

/** What a place says that has nothing else to show: why, and what to do about it. */
export function Message({ icon, title, children, actions, page = false }: Props) {
  const Heading = page ? 'h1' : 'h2';
  return (
    <div className={classes.root} role={page ? undefined : 'status'}>
      <div className={classes.icon} aria-hidden="true">
        {icon}
      </div>
      <Heading className={classes.title}>{title}</Heading>
      {children && <div className={classes.text}>{children}</div>}
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}
