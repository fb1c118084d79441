import type { ComponentProps } from 'react';
import classes from './icon-button.module.css';

/** A small button with an icon, as light as a list of many rows wants it: a row has several, and they come and go while it scrolls. */
export function IconButton({ className = '', ...props }: ComponentProps<'button'> & { 'aria-label': string }) {
  return <button type="button" {...props} className={`${classes.button} ${className}`} />;
}
