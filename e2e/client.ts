/** One caller of the API. */
export type Client = {
  get: (path: string) => Promise<Answer>;
  post: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  patch: (path: string, body: unknown) => Promise<Answer>;
  delete: (path: string) => Promise<Answer>;
  raw: (path: string) => Promise<Response>;
  events: (path: string) => Promise<{ event: string; data: any }[]>;
};
export type Answer = { status: number; headers: Headers; body: any };

/** Calls with a bearer token, or with none. */
export function createClient(url: string, token?: string): Client {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body, headers) => call('POST', path, body, headers),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
    raw: (path) => fetch(`${url}${path}`, { headers: authorization }),
    events: async (path) =>
      parseEvents(
        await (await fetch(`${url}${path}`, { headers: { ...authorization, accept: 'text/event-stream' } })).text(),
      ),
  };
}

/** Events of a stream that has ended (WHATWG server-sent events; comments are left out). */
function parseEvents(text: string): { event: string; data: any }[] {
  return text
    .split('\n\n')
    .map((block) =>
      Object.fromEntries(
        block
          .split('\n')
          .filter((line) => !line.startsWith(':'))
          .map((line) => line.split(/: ?(.*)/s, 2)),
      ),
    )
    .filter((fields) => 'data' in fields)
    .map((fields) => ({ event: fields['event'] ?? 'message', data: JSON.parse(fields['data'] ?? 'null') }));
}
