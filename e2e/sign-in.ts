import type { APIRequestContext, APIResponse } from 'playwright-core';

/** Signs a browser's context in without its pages; the answer, which sets the cookies, is returned. */
export const signIn = (
  request: APIRequestContext,
  url: string,
  person: { email: string; password: string },
): Promise<APIResponse> => request.post(`${url}/api/auth/sign-in/email`, { data: person, headers: { origin: url } });
