import { generatedApi } from './api.gen.ts';
import { chooseWorkspace, chosenWorkspace } from './chosen-workspace.ts';
import type { Me } from './api.gen.ts';

/** The generated endpoints, with what they provide and what makes it stale. */
export const api = generatedApi
  .enhanceEndpoints({
    addTagTypes: ['Me', 'Credits', 'Quote', 'Jobs', 'Images', 'Keys', 'Sessions', 'Members', 'Invitations', 'Billing'],
    endpoints: {
      getCredits: { providesTags: ['Credits'] },
      createQuote: { providesTags: ['Quote'], keepUnusedDataFor: 60 },
      listJobs: { providesTags: ['Jobs'] },
      // A refusal may be about the price or about what is left: both are asked again.
      generate: { invalidatesTags: (_submitted, refused) => (refused ? ['Quote', 'Credits'] : ['Jobs', 'Credits']) },
      listApiKeys: { providesTags: ['Keys'] },
      createApiKey: { invalidatesTags: ['Keys'] },
      changeApiKey: { invalidatesTags: ['Keys'] },
      revokeApiKey: { invalidatesTags: ['Keys'] },
      listSessions: { providesTags: ['Sessions'] },
      endSession: { invalidatesTags: ['Sessions'] },
      deleteAccount: { invalidatesTags: (_asked, refused) => (refused ? [] : ['Me']) },
      keepAccount: { invalidatesTags: ['Me'] },
      createWorkspace: { invalidatesTags: ['Me'] },
      listMembers: { providesTags: ['Members'] },
      changeMember: { invalidatesTags: ['Members', 'Me'] },
      removeMember: { invalidatesTags: ['Members', 'Me'] },
      listInvitations: { providesTags: ['Invitations'] },
      inviteMember: { invalidatesTags: ['Invitations'] },
      revokeInvitation: { invalidatesTags: ['Invitations'] },
      getBilling: { providesTags: ['Billing'] },
      listInvoices: { providesTags: ['Billing'] },
      // A preview changes nothing.
      changePlan: {
        invalidatesTags: (_changed, refused, { preview }) => (refused || preview === 'true' ? [] : ['Billing', 'Me']),
      },
      withdrawPlanChange: { invalidatesTags: ['Billing'] },
      cancelSubscription: { invalidatesTags: ['Billing'] },
      resumeSubscription: { invalidatesTags: ['Billing'] },
      cancelJob: { invalidatesTags: ['Credits'] },
    },
  })
  .injectEndpoints({
    endpoints: (build) => ({
      /** Who is signed in; null is nobody. */
      session: build.query<Me | null, void>({
        // Asked first whether anybody is signed in, so that a stranger's visit is not a refused call.
        queryFn: async (_nothing, _api, _extra, call) => {
          const session = await call('api/auth/get-session');
          if (session.error) return { error: session.error };
          if (session.data === null) return { data: null };
          let me = await call('api/v1/me');
          // Out of the workspace that was chosen here: back to one's own.
          if (me.error?.status === 404 && chosenWorkspace() !== null) {
            chooseWorkspace(null);
            me = await call('api/v1/me');
          }
          if (me.error) return me.error.status === 401 ? { data: null } : { error: me.error };
          return { data: me.data as Me };
        },
        providesTags: ['Me'],
      }),
    }),
  });

export const { useSessionQuery } = api;
