/**
 * Runs `task` at once and then at most every `interval` milliseconds; a call in between is made up for at the end of
 * the interval. `stop` drops what is still to come.
 */
export function throttle(task: () => void, interval: number): { (): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;

  function call(): void {
    if (timer !== undefined) {
      again = true;
      return;
    }
    task();
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      call();
    }, interval);
  }

  call.stop = () => {
    clearTimeout(timer);
    timer = undefined;
    again = false;
  };
  return call;
}
