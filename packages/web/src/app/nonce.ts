/**
 * The nonce that the server put into this page for styles made at run time, or undefined when it put none
 * (the development server sends no Content-Security-Policy).
 */
export function styleNonce(): string | undefined {
  const content = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
  return content && !content.startsWith('__') ? content : undefined;
}
