import { createApi, fetchBaseQuery } from '@reduxjs/toolkit/query/react';
import i18n from '../i18n/i18n.ts';
import { chosenWorkspace } from './chosen-workspace.ts';

/** The public API with the session's cookie; refusals come in the language of the page. `npm run openapi` writes its endpoints (`api.gen.ts`). */
export const baseApi = createApi({
  reducerPath: 'api',
  baseQuery: fetchBaseQuery({
    baseUrl: '/',
    prepareHeaders: (headers) => {
      headers.set('accept-language', i18n.language);
      const workspace = chosenWorkspace();
      if (workspace !== null && !headers.has('x-workspace-id')) headers.set('x-workspace-id', workspace);
    },
  }),
  endpoints: () => ({}),
});
