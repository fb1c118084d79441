import { within } from 'storybook/test';

/** For whatever a story waits for: a browser on a busy machine takes its time. */
export const PATIENCE = { timeout: 10_000 };

/** A check for a story: it comes to show each of these texts, a dialog's too. */
export function shows(...texts: (string | RegExp)[]) {
  return async ({ canvasElement }: { canvasElement: HTMLElement }): Promise<void> => {
    const page = within(canvasElement.ownerDocument.body);
    for (const text of texts) await page.findAllByText(text, {}, PATIENCE);
  };
}
