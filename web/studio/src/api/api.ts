import { createApi, fetchBaseQuery } from '@reduxjs/toolkit/query/react';
import i18n from '../i18n/i18n.ts';
import type { Credits, GenerateBody, Job, Me, Model, Page, Quote, Receipt, Submitted } from './types.ts';

/** The public API with the session's cookie; refusals come in the language of the page. */
export const api = createApi({
  reducerPath: 'api',
  baseQuery: fetchBaseQuery({
    baseUrl: '/api/v1',
    prepareHeaders: (headers) => {
      headers.set('accept-language', i18n.language);
    },
  }),
  tagTypes: ['Me', 'Credits', 'Jobs'],
  endpoints: (build) => ({
    me: build.query<Me, void>({ query: () => 'me', providesTags: ['Me'] }),
    credits: build.query<Credits, void>({ query: () => 'credits', providesTags: ['Credits'] }),
    models: build.query<Model[], void>({
      query: () => 'models',
      transformResponse: (page: { data: Model[] }) => page.data,
    }),
    quote: build.query<Quote, GenerateBody>({
      query: (body) => ({ url: 'quotes', method: 'POST', body }),
      keepUnusedDataFor: 60,
    }),
    generate: build.mutation<Submitted, { body: GenerateBody & { quote_id?: string }; key: string }>({
      query: ({ body, key }) => ({ url: 'generate', method: 'POST', body, headers: { 'idempotency-key': key } }),
      invalidatesTags: ['Jobs', 'Credits'],
    }),
    jobs: build.query<Job[], void>({
      query: () => 'jobs?limit=12',
      transformResponse: (page: Page<Job>) => page.data,
      providesTags: ['Jobs'],
    }),
    job: build.query<Job, string>({ query: (id) => `jobs/${id}` }),
    cancel: build.mutation<Job, string>({
      query: (id) => ({ url: `jobs/${id}/cancel`, method: 'POST' }),
      invalidatesTags: ['Credits'],
    }),
    receipt: build.query<Receipt, string>({ query: (id) => `jobs/${id}/receipt` }),
  }),
});

export const {
  useMeQuery,
  useCreditsQuery,
  useModelsQuery,
  useQuoteQuery,
  useGenerateMutation,
  useJobsQuery,
  useJobQuery,
  useCancelMutation,
  useReceiptQuery,
} = api;
