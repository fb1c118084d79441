import { type RefObject, useEffect, useRef, useState } from 'react';

interface Problems {
  /** What is wrong, by the names of the fields. */
  problems: Record<string, string>;
  /** Says anew what is wrong, and leads to the first field of which that is true. */
  setProblems: (problems: Record<string, string>) => void;
  /** For the form that has the fields. */
  form: RefObject<HTMLFormElement | null>;
}

/** What is wrong in a form that was sent. */
export function useProblems(): Problems {
  const [problems, setProblems] = useState<Record<string, string>>({});
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (Object.keys(problems).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problems]);
  return { problems, setProblems, form };
}
