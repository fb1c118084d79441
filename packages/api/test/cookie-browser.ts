/** As a browser does it: keeps cookies by host and path, and follows redirects from one place to the next. */
export class CookieBrowser {
  readonly #cookies = new Map<string, { value: string; path: string }>();

  /** One request; the answer may be a redirect. */
  async request(address: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address);
    const headers = new Headers(init.headers);
    const cookie = this.cookiesFor(url);
    if (cookie) headers.set('Cookie', cookie);
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const text of response.headers.getSetCookie()) this.#take(url, text);
    return response;
  }

  /** Opens a page, through every redirect; the address and the answer where it ends. */
  async open(address: string | URL): Promise<{ url: URL; response: Response }> {
    let url = new URL(address);
    for (;;) {
      const response = await this.request(url, { headers: { Accept: 'text/html' } });
      const location = response.headers.get('location');
      if (location === null) return { url, response };
      await response.body?.cancel();
      url = new URL(location, url);
    }
  }

  cookiesFor({ host, pathname }: URL): string {
    return [...this.#cookies]
      .filter(([key, { path }]) => key.startsWith(`${host} `) && pathname.startsWith(path))
      .map(([key, { value }]) => `${key.slice(host.length + 1)}=${value}`)
      .join('; ');
  }

  #take({ host }: URL, text: string): void {
    const [pair = '', ...attributes] = text.split(/; */);
    const [name = '', value = ''] = pair.split('=');
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice('path='.length) ?? '/';
    if (attributes.some((attribute) => /^max-age=0$|^expires=thu, 01 jan 1970/i.test(attribute))) {
      this.#cookies.delete(`${host} ${name}`);
    } else this.#cookies.set(`${host} ${name}`, { value, path });
  }
}
