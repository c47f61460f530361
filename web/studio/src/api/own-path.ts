/** Addresses of the API are absolute; the page asks its own host, so that the cookie travels and the policy is kept. */
export function ownPath(url: string): string {
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}
