import { createApi, fetchBaseQuery } from '@reduxjs/toolkit/query/react';
import i18n from '../i18n/i18n.ts';
import type { Credits, GenerateBody, Job, Me, Model, Page, Quote, Receipt, Submitted } from './types.ts';

/** The public API with the session's cookie; refusals come in the language of the page. */
export const api = createApi({
  reducerPath: 'api',
  baseQuery: fetchBaseQuery({
    baseUrl: '/api',
    prepareHeaders: (headers) => {
      headers.set('accept-language', i18n.language);
    },
  }),
  tagTypes: ['Me', 'Credits', 'Quote', 'Jobs'],
  endpoints: (build) => ({
    me: build.query<Me | null, void>({
      // Asked first whether anybody is signed in, so that a stranger's visit is not a refused call.
      queryFn: async (_nothing, _api, _extra, call) => {
        const session = await call('auth/get-session');
        if (session.error) return { error: session.error };
        if (session.data === null) return { data: null };
        const me = await call('v1/me');
        if (me.error) return me.error.status === 401 ? { data: null } : { error: me.error };
        return { data: me.data as Me };
      },
      providesTags: ['Me'],
    }),
    providers: build.query<{ id: string }[], void>({
      query: () => 'v1/auth/providers',
      transformResponse: (answer: { data: { id: string }[] }) => answer.data,
    }),
    credits: build.query<Credits, void>({ query: () => 'v1/credits', providesTags: ['Credits'] }),
    models: build.query<Model[], void>({
      query: () => 'v1/models',
      transformResponse: (page: { data: Model[] }) => page.data,
    }),
    quote: build.query<Quote, GenerateBody>({
      query: (body) => ({ url: 'v1/quotes', method: 'POST', body }),
      providesTags: ['Quote'],
      keepUnusedDataFor: 60,
    }),
    generate: build.mutation<Submitted, { body: GenerateBody & { quote_id?: string }; key: string }>({
      query: ({ body, key }) => ({ url: 'v1/generate', method: 'POST', body, headers: { 'idempotency-key': key } }),
      // A refusal may be about the price or about what is left: both are asked again.
      invalidatesTags: (_submitted, refused) => (refused ? ['Quote', 'Credits'] : ['Jobs', 'Credits']),
    }),
    jobs: build.query<Job[], void>({
      query: () => 'v1/jobs?limit=12',
      transformResponse: (page: Page<Job>) => page.data,
      providesTags: ['Jobs'],
    }),
    cancel: build.mutation<Job, string>({
      query: (id) => ({ url: `v1/jobs/${id}/cancel`, method: 'POST' }),
      invalidatesTags: ['Credits'],
    }),
    receipt: build.query<Receipt, string>({ query: (id) => `v1/jobs/${id}/receipt` }),
  }),
});

export const {
  useProvidersQuery,
  useMeQuery,
  useCreditsQuery,
  useModelsQuery,
  useQuoteQuery,
  useGenerateMutation,
  useJobsQuery,
  useCancelMutation,
  useReceiptQuery,
} = api;
