import { baseApi as api } from './base-api';
const injectedRtkApi = api.injectEndpoints({
  endpoints: (build) => ({
    getHealth: build.query<GetHealthApiResponse, GetHealthApiArg>({
      query: () => ({ url: `/health` }),
    }),
    getLiveness: build.query<GetLivenessApiResponse, GetLivenessApiArg>({
      query: () => ({ url: `/health/live` }),
    }),
    getReadiness: build.query<GetReadinessApiResponse, GetReadinessApiArg>({
      query: () => ({ url: `/health/ready` }),
    }),
    createToken: build.mutation<CreateTokenApiResponse, CreateTokenApiArg>({
      query: (queryArg) => ({ url: `/api/v1/auth/token`, method: 'POST', body: queryArg.tokenRequest }),
    }),
    revokeToken: build.mutation<RevokeTokenApiResponse, RevokeTokenApiArg>({
      query: (queryArg) => ({ url: `/api/v1/auth/revoke`, method: 'POST', body: queryArg.revokeTokenRequest }),
    }),
    listProviders: build.query<ListProvidersApiResponse, ListProvidersApiArg>({
      query: () => ({ url: `/api/v1/auth/providers` }),
    }),
    createChallenge: build.query<CreateChallengeApiResponse, CreateChallengeApiArg>({
      query: () => ({ url: `/api/v1/auth/challenge` }),
    }),
    getMe: build.query<GetMeApiResponse, GetMeApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/me`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    listSessions: build.query<ListSessionsApiResponse, ListSessionsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/me/sessions`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    endSession: build.mutation<EndSessionApiResponse, EndSessionApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/me/sessions/${encodeURIComponent(String(queryArg.id))}`,
        method: 'DELETE',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    changeAddress: build.mutation<ChangeAddressApiResponse, ChangeAddressApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/me/email`,
        method: 'POST',
        body: queryArg.changeAddress,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    listApiKeys: build.query<ListApiKeysApiResponse, ListApiKeysApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/api-keys`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    createApiKey: build.mutation<CreateApiKeyApiResponse, CreateApiKeyApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/api-keys`,
        method: 'POST',
        body: queryArg.newApiKey,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
          'idempotency-key': queryArg['idempotency-key'],
        },
      }),
    }),
    changeApiKey: build.mutation<ChangeApiKeyApiResponse, ChangeApiKeyApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/api-keys/${encodeURIComponent(String(queryArg.id))}`,
        method: 'PATCH',
        body: queryArg.apiKeyChange,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    revokeApiKey: build.mutation<RevokeApiKeyApiResponse, RevokeApiKeyApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/api-keys/${encodeURIComponent(String(queryArg.id))}`,
        method: 'DELETE',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    listWorkspaces: build.query<ListWorkspacesApiResponse, ListWorkspacesApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/workspaces`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    createWorkspace: build.mutation<CreateWorkspaceApiResponse, CreateWorkspaceApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/workspaces`,
        method: 'POST',
        body: queryArg.newWorkspace,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
          'idempotency-key': queryArg['idempotency-key'],
        },
      }),
    }),
    changeWorkspace: build.mutation<ChangeWorkspaceApiResponse, ChangeWorkspaceApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/workspaces/${encodeURIComponent(String(queryArg.workspaceId))}`,
        method: 'PATCH',
        body: queryArg.workspaceChange,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    listMembers: build.query<ListMembersApiResponse, ListMembersApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/workspaces/${encodeURIComponent(String(queryArg.pathWorkspaceId))}/members`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
          workspace_id: queryArg.queryWorkspaceId,
        },
      }),
    }),
    getMember: build.query<GetMemberApiResponse, GetMemberApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/workspaces/${encodeURIComponent(String(queryArg.pathWorkspaceId))}/members/${encodeURIComponent(String(queryArg.userId))}`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.queryWorkspaceId,
        },
      }),
    }),
    changeMember: build.mutation<ChangeMemberApiResponse, ChangeMemberApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/workspaces/${encodeURIComponent(String(queryArg.workspaceId))}/members/${encodeURIComponent(String(queryArg.userId))}`,
        method: 'PATCH',
        body: queryArg.memberChange,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    removeMember: build.mutation<RemoveMemberApiResponse, RemoveMemberApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/workspaces/${encodeURIComponent(String(queryArg.workspaceId))}/members/${encodeURIComponent(String(queryArg.userId))}`,
        method: 'DELETE',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    listInvitations: build.query<ListInvitationsApiResponse, ListInvitationsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/workspaces/${encodeURIComponent(String(queryArg.pathWorkspaceId))}/invitations`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
          workspace_id: queryArg.queryWorkspaceId,
        },
      }),
    }),
    inviteMember: build.mutation<InviteMemberApiResponse, InviteMemberApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/workspaces/${encodeURIComponent(String(queryArg.workspaceId))}/invitations`,
        method: 'POST',
        body: queryArg.newInvitation,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
          'idempotency-key': queryArg['idempotency-key'],
        },
      }),
    }),
    revokeInvitation: build.mutation<RevokeInvitationApiResponse, RevokeInvitationApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/workspaces/${encodeURIComponent(String(queryArg.workspaceId))}/invitations/${encodeURIComponent(String(queryArg.invitationId))}`,
        method: 'DELETE',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    acceptInvitation: build.mutation<AcceptInvitationApiResponse, AcceptInvitationApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/invitations/${encodeURIComponent(String(queryArg.token))}/accept`,
        method: 'POST',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    deleteAccount: build.mutation<DeleteAccountApiResponse, DeleteAccountApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/me/deletion`,
        method: 'POST',
        body: queryArg.deleteAccount,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    keepAccount: build.mutation<KeepAccountApiResponse, KeepAccountApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/me/deletion`,
        method: 'DELETE',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    listModels: build.query<ListModelsApiResponse, ListModelsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/models`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    listPlans: build.query<ListPlansApiResponse, ListPlansApiArg>({
      query: () => ({ url: `/api/v1/plans` }),
    }),
    createQuote: build.query<CreateQuoteApiResponse, CreateQuoteApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/quotes`,
        method: 'POST',
        body: queryArg.generateBody,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    generate: build.mutation<GenerateApiResponse, GenerateApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/generate`,
        method: 'POST',
        body: queryArg.generateBody,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
          'idempotency-key': queryArg['idempotency-key'],
        },
      }),
    }),
    reproduceImage: build.mutation<ReproduceImageApiResponse, ReproduceImageApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/images/${encodeURIComponent(String(queryArg.imageId))}/reproduce`,
        method: 'POST',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
          'idempotency-key': queryArg['idempotency-key'],
        },
      }),
    }),
    listJobs: build.query<ListJobsApiResponse, ListJobsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/jobs`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
          workspace_id: queryArg.workspaceId,
          status: queryArg.status,
        },
      }),
    }),
    getJob: build.query<GetJobApiResponse, GetJobApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/jobs/${encodeURIComponent(String(queryArg.jobId))}`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    deleteJob: build.mutation<DeleteJobApiResponse, DeleteJobApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/jobs/${encodeURIComponent(String(queryArg.jobId))}`,
        method: 'DELETE',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    getReceipt: build.query<GetReceiptApiResponse, GetReceiptApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/jobs/${encodeURIComponent(String(queryArg.jobId))}/receipt`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    getPlacement: build.query<GetPlacementApiResponse, GetPlacementApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/jobs/${encodeURIComponent(String(queryArg.jobId))}/placement`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    getPreview: build.query<GetPreviewApiResponse, GetPreviewApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/jobs/${encodeURIComponent(String(queryArg.jobId))}/preview`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.workspaceId,
          n: queryArg.n,
        },
      }),
    }),
    cancelJob: build.mutation<CancelJobApiResponse, CancelJobApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/jobs/${encodeURIComponent(String(queryArg.jobId))}/cancel`,
        method: 'POST',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    streamJob: build.query<StreamJobApiResponse, StreamJobApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/jobs/${encodeURIComponent(String(queryArg.jobId))}/events`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    streamWorkspace: build.query<StreamWorkspaceApiResponse, StreamWorkspaceApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/events`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    listImages: build.query<ListImagesApiResponse, ListImagesApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/images`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
          workspace_id: queryArg.workspaceId,
          trash: queryArg.trash,
          order: queryArg.order,
          kind: queryArg.kind,
        },
      }),
    }),
    getImage: build.query<GetImageApiResponse, GetImageApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/images/${encodeURIComponent(String(queryArg.imageId))}`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    deleteImage: build.mutation<DeleteImageApiResponse, DeleteImageApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/images/${encodeURIComponent(String(queryArg.imageId))}`,
        method: 'DELETE',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    restoreImage: build.mutation<RestoreImageApiResponse, RestoreImageApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/images/${encodeURIComponent(String(queryArg.imageId))}/restore`,
        method: 'POST',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    getImageContent: build.query<GetImageContentApiResponse, GetImageContentApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/images/${encodeURIComponent(String(queryArg.imageId))}/content`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.workspaceId,
          size: queryArg.size,
        },
      }),
    }),
    uploadImage: build.mutation<UploadImageApiResponse, UploadImageApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/uploads`,
        method: 'POST',
        body: queryArg.body,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
          'idempotency-key': queryArg['idempotency-key'],
        },
      }),
    }),
    getBilling: build.query<GetBillingApiResponse, GetBillingApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/billing`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    startCheckout: build.mutation<StartCheckoutApiResponse, StartCheckoutApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/billing/checkout`,
        method: 'POST',
        body: queryArg.productChoice,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    buyCreditPack: build.mutation<BuyCreditPackApiResponse, BuyCreditPackApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/billing/credit-packs`,
        method: 'POST',
        body: queryArg.packChoice,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    openBillingPortal: build.mutation<OpenBillingPortalApiResponse, OpenBillingPortalApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/billing/portal`,
        method: 'POST',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    changePlan: build.mutation<ChangePlanApiResponse, ChangePlanApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/billing/change`,
        method: 'POST',
        body: queryArg.productChoice,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          preview: queryArg.preview,
        },
      }),
    }),
    withdrawPlanChange: build.mutation<WithdrawPlanChangeApiResponse, WithdrawPlanChangeApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/billing/change`,
        method: 'DELETE',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    cancelSubscription: build.mutation<CancelSubscriptionApiResponse, CancelSubscriptionApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/billing/cancel`,
        method: 'POST',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    resumeSubscription: build.mutation<ResumeSubscriptionApiResponse, ResumeSubscriptionApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/billing/resume`,
        method: 'POST',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    listInvoices: build.query<ListInvoicesApiResponse, ListInvoicesApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/billing/invoices`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    openInvoice: build.mutation<OpenInvoiceApiResponse, OpenInvoiceApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/billing/invoices/${encodeURIComponent(String(queryArg.invoiceId))}/document`,
        method: 'POST',
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
      }),
    }),
    receiveWebhook: build.mutation<ReceiveWebhookApiResponse, ReceiveWebhookApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/webhooks/${encodeURIComponent(String(queryArg.provider))}`,
        method: 'POST',
      }),
    }),
    getCredits: build.query<GetCreditsApiResponse, GetCreditsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/credits`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    listCreditTransactions: build.query<ListCreditTransactionsApiResponse, ListCreditTransactionsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/credits/transactions`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    exportLedger: build.query<ExportLedgerApiResponse, ExportLedgerApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/credits/export`,
        headers: {
          'x-workspace-id': queryArg['x-workspace-id'],
        },
        params: {
          workspace_id: queryArg.workspaceId,
        },
      }),
    }),
    getPublishedLedger: build.query<GetPublishedLedgerApiResponse, GetPublishedLedgerApiArg>({
      query: (queryArg) => ({
        url: `/.well-known/pingvas-ledger.json`,
        params: {
          day: queryArg.day,
        },
      }),
    }),
  }),
  overrideExisting: false,
});
export { injectedRtkApi as generatedApi };
export type GetHealthApiResponse = /** status 200 Default Response */ Health;
export type GetHealthApiArg = void;
export type GetLivenessApiResponse = /** status 200 Default Response */ {
  status: 'ok';
};
export type GetLivenessApiArg = void;
export type GetReadinessApiResponse = /** status 200 Default Response */ Health;
export type GetReadinessApiArg = void;
export type CreateTokenApiResponse = /** status 200 Default Response */ Tokens;
export type CreateTokenApiArg = {
  tokenRequest: TokenRequest;
};
export type RevokeTokenApiResponse = unknown;
export type RevokeTokenApiArg = {
  revokeTokenRequest: RevokeTokenRequest;
};
export type ListProvidersApiResponse = /** status 200 Default Response */ SignInProviders;
export type ListProvidersApiArg = void;
export type CreateChallengeApiResponse = /** status 200 Default Response */ CaptchaChallenge;
export type CreateChallengeApiArg = void;
export type GetMeApiResponse = /** status 200 Default Response */ Me;
export type GetMeApiArg = {
  workspaceId?: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ListSessionsApiResponse = /** status 200 Default Response */ SignInPage;
export type ListSessionsApiArg = {
  limit?: number;
  cursor?: string;
  workspaceId?: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type EndSessionApiResponse = unknown;
export type EndSessionApiArg = {
  id: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ChangeAddressApiResponse = unknown;
export type ChangeAddressApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  changeAddress: ChangeAddress;
};
export type ListApiKeysApiResponse = /** status 200 Default Response */ ApiKeyPage;
export type ListApiKeysApiArg = {
  limit?: number;
  cursor?: string;
  workspaceId?: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type CreateApiKeyApiResponse = /** status 201 Default Response */ CreatedApiKey;
export type CreateApiKeyApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  /** The same call with the same key has one effect, for 24 hours */
  'idempotency-key'?: string;
  newApiKey: NewApiKey;
};
export type ChangeApiKeyApiResponse = /** status 200 Default Response */ ApiKey;
export type ChangeApiKeyApiArg = {
  id: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  apiKeyChange: ApiKeyChange;
};
export type RevokeApiKeyApiResponse = unknown;
export type RevokeApiKeyApiArg = {
  id: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ListWorkspacesApiResponse = /** status 200 Default Response */ WorkspacePage;
export type ListWorkspacesApiArg = {
  limit?: number;
  cursor?: string;
  workspaceId?: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type CreateWorkspaceApiResponse = /** status 201 Default Response */ WorkspaceSummary;
export type CreateWorkspaceApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  /** The same call with the same key has one effect, for 24 hours */
  'idempotency-key'?: string;
  newWorkspace: NewWorkspace;
};
export type ChangeWorkspaceApiResponse = /** status 200 Default Response */ WorkspaceSummary;
export type ChangeWorkspaceApiArg = {
  workspaceId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  workspaceChange: WorkspaceChange;
};
export type ListMembersApiResponse = /** status 200 Default Response */ MemberPage;
export type ListMembersApiArg = {
  limit?: number;
  cursor?: string;
  queryWorkspaceId?: string;
  pathWorkspaceId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type GetMemberApiResponse = /** status 200 Default Response */ Member;
export type GetMemberApiArg = {
  queryWorkspaceId?: string;
  pathWorkspaceId: string;
  userId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ChangeMemberApiResponse = /** status 200 Default Response */ Member;
export type ChangeMemberApiArg = {
  workspaceId: string;
  userId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  memberChange: MemberChange;
};
export type RemoveMemberApiResponse = unknown;
export type RemoveMemberApiArg = {
  workspaceId: string;
  userId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ListInvitationsApiResponse = /** status 200 Default Response */ InvitationPage;
export type ListInvitationsApiArg = {
  limit?: number;
  cursor?: string;
  queryWorkspaceId?: string;
  pathWorkspaceId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type InviteMemberApiResponse = /** status 201 Default Response */ Invitation;
export type InviteMemberApiArg = {
  workspaceId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  /** The same call with the same key has one effect, for 24 hours */
  'idempotency-key'?: string;
  newInvitation: NewInvitation;
};
export type RevokeInvitationApiResponse = unknown;
export type RevokeInvitationApiArg = {
  workspaceId: string;
  invitationId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type AcceptInvitationApiResponse = /** status 200 Default Response */ Membership;
export type AcceptInvitationApiArg = {
  token: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type DeleteAccountApiResponse = /** status 202 Default Response */ AccountDeletion;
export type DeleteAccountApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  deleteAccount: DeleteAccount;
};
export type KeepAccountApiResponse = unknown;
export type KeepAccountApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ListModelsApiResponse = /** status 200 Default Response */ Models;
export type ListModelsApiArg = {
  workspaceId?: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ListPlansApiResponse = /** status 200 Default Response */ Plans;
export type ListPlansApiArg = void;
export type CreateQuoteApiResponse = /** status 200 Default Response */ Quote;
export type CreateQuoteApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  generateBody: GenerateBody;
};
export type GenerateApiResponse = /** status 202 Default Response */ AcceptedJob;
export type GenerateApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  /** The same call with the same key has one effect, for 24 hours */
  'idempotency-key'?: string;
  generateBody: GenerateBody;
};
export type ReproduceImageApiResponse = /** status 202 Default Response */ AcceptedJob;
export type ReproduceImageApiArg = {
  imageId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  /** The same call with the same key has one effect, for 24 hours */
  'idempotency-key'?: string;
};
export type ListJobsApiResponse = /** status 200 Default Response */ JobPage;
export type ListJobsApiArg = {
  limit?: number;
  cursor?: string;
  workspaceId?: string;
  status?: JobStatus;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type GetJobApiResponse = /** status 200 Default Response */ Job;
export type GetJobApiArg = {
  workspaceId?: string;
  jobId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type DeleteJobApiResponse = unknown;
export type DeleteJobApiArg = {
  jobId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type GetReceiptApiResponse = /** status 200 Default Response */ Receipt;
export type GetReceiptApiArg = {
  workspaceId?: string;
  jobId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type GetPlacementApiResponse = /** status 200 Default Response */ Placement;
export type GetPlacementApiArg = {
  workspaceId?: string;
  jobId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type GetPreviewApiResponse = /** status 200 WEBP */ Blob;
export type GetPreviewApiArg = {
  workspaceId?: string;
  n?: string;
  jobId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type CancelJobApiResponse = /** status 200 Default Response */ Job;
export type CancelJobApiArg = {
  jobId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type StreamJobApiResponse = /** status 200 Server-Sent Events */ string;
export type StreamJobApiArg = {
  workspaceId?: string;
  jobId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type StreamWorkspaceApiResponse = /** status 200 Server-Sent Events */ string;
export type StreamWorkspaceApiArg = {
  workspaceId?: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ListImagesApiResponse = /** status 200 Default Response */ ImagePage;
export type ListImagesApiArg = {
  limit?: number;
  cursor?: string;
  workspaceId?: string;
  trash?: 'true' | 'false';
  order?: 'newest' | 'oldest';
  kind?: 'result' | 'upload';
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type GetImageApiResponse = /** status 200 Default Response */ Image;
export type GetImageApiArg = {
  workspaceId?: string;
  imageId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type DeleteImageApiResponse = /** status 200 Default Response */ Image;
export type DeleteImageApiArg = {
  imageId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type RestoreImageApiResponse = /** status 200 Default Response */ Image;
export type RestoreImageApiArg = {
  imageId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type GetImageContentApiResponse = /** status 200 The picture */ Blob;
export type GetImageContentApiArg = {
  workspaceId?: string;
  size?: '256' | '512' | 'original';
  imageId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type UploadImageApiResponse = /** status 201 Default Response */ UploadedImage;
export type UploadImageApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  /** The same call with the same key has one effect, for 24 hours */
  'idempotency-key'?: string;
  body: {
    file: Blob;
  };
};
export type GetBillingApiResponse = /** status 200 Default Response */ Billing;
export type GetBillingApiArg = {
  workspaceId?: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type StartCheckoutApiResponse = /** status 200 Default Response */ PaymentPage;
export type StartCheckoutApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  productChoice: ProductChoice;
};
export type BuyCreditPackApiResponse = /** status 200 Default Response */ PaymentPage;
export type BuyCreditPackApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  packChoice: PackChoice;
};
export type OpenBillingPortalApiResponse = /** status 200 Default Response */ BillingPortal;
export type OpenBillingPortalApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ChangePlanApiResponse = /** status 200 Default Response */ ChangePreview | Billing;
export type ChangePlanApiArg = {
  /** `true` answers 200 with what it would do, and does nothing. */
  preview?: 'true' | 'false';
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
  productChoice: ProductChoice;
};
export type WithdrawPlanChangeApiResponse = /** status 200 Default Response */ Billing;
export type WithdrawPlanChangeApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type CancelSubscriptionApiResponse = /** status 200 Default Response */ Billing;
export type CancelSubscriptionApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ResumeSubscriptionApiResponse = /** status 200 Default Response */ Billing;
export type ResumeSubscriptionApiArg = {
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ListInvoicesApiResponse = /** status 200 Default Response */ InvoicePage;
export type ListInvoicesApiArg = {
  limit?: number;
  cursor?: string;
  workspaceId?: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type OpenInvoiceApiResponse = /** status 200 Default Response */ PaymentPage;
export type OpenInvoiceApiArg = {
  invoiceId: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ReceiveWebhookApiResponse = /** status 200 Default Response */ WebhookReceived;
export type ReceiveWebhookApiArg = {
  provider: string;
};
export type GetCreditsApiResponse = /** status 200 Default Response */ CreditAccount;
export type GetCreditsApiArg = {
  workspaceId?: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ListCreditTransactionsApiResponse = /** status 200 Default Response */ CreditEntries;
export type ListCreditTransactionsApiArg = {
  limit?: number;
  cursor?: string;
  workspaceId?: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type ExportLedgerApiResponse = /** status 200 Default Response */ LedgerExport;
export type ExportLedgerApiArg = {
  workspaceId?: string;
  /** For sessions and JWTs; the personal workspace when missing */
  'x-workspace-id'?: string;
};
export type GetPublishedLedgerApiResponse = /** status 200 Default Response */ PublishedLedger;
export type GetPublishedLedgerApiArg = {
  /** Adds the list of this day (UTC). */
  day?: string;
};
export type Health = {
  status: 'ok' | 'down';
  version: string;
  checks: {
    database: string;
    storage: string;
    engine: string;
    queue: string;
  };
};
export type ProblemCode =
  | 'invalid_request'
  | 'malformed_request'
  | 'unsupported_media_type'
  | 'payload_too_large'
  | 'misdirected_request'
  | 'unauthenticated'
  | 'invalid_credentials'
  | 'totp_required'
  | 'invalid_refresh_token'
  | 'refresh_in_progress'
  | 'origin_not_allowed'
  | 'email_not_verified'
  | 'key_lacks_scope'
  | 'session_required'
  | 'role_not_allowed'
  | 'plan_has_no_api'
  | 'api_calls_exhausted'
  | 'model_not_allowed'
  | 'workspace_suspended'
  | 'storage_exhausted'
  | 'seats_exhausted'
  | 'invitation_not_yours'
  | 'not_found'
  | 'model_not_found'
  | 'image_not_found'
  | 'method_not_allowed'
  | 'credits_held'
  | 'credits_exhausted'
  | 'key_budget_exhausted'
  | 'member_budget_exhausted'
  | 'quote_expired'
  | 'quote_mismatch'
  | 'job_not_ended'
  | 'already_member'
  | 'last_owner'
  | 'unpaid_workspace_exists'
  | 'idempotency_in_progress'
  | 'idempotency_key_reused'
  | 'unsupported_image'
  | 'already_subscribed'
  | 'no_subscription'
  | 'same_product'
  | 'plan_change_pending'
  | 'payment_refused'
  | 'payments_not_offered'
  | 'payments_unavailable'
  | 'webhook_not_verified'
  | 'webhook_refused'
  | 'rate_limited'
  | 'queue_full'
  | 'internal_error'
  | 'service_unavailable'
  | 'engine_unavailable';
export type Problem = {
  type: string;
  title: string;
  status: number;
  /** What to do next, in the language of the caller. */
  detail: string;
  code: ProblemCode;
  request_id: string;
  errors?: {
    /** JSON pointer (RFC 6901) */
    pointer: string;
    detail: string;
  }[];
  [key: string]: any;
};
export type Tokens = {
  access_token: string;
  token_type: 'Bearer';
  /** Seconds */
  expires_in: number;
  /** Works once; the answer to its use holds the next one. */
  refresh_token: string;
};
export type TokenRequest =
  | {
      grant_type: 'password';
      email: string;
      password: string;
      /** Six digits or a recovery code, for accounts with a second factor. Each works once. */
      totp?: string;
    }
  | {
      grant_type: 'refresh_token';
      refresh_token: string;
    };
export type RevokeTokenRequest = {
  refresh_token: string;
};
export type SignInProviders = {
  /** Offered beside e-mail and password. */
  data: {
    id: 'google' | 'discord';
  }[];
  captcha: {
    kind: 'none' | 'altcha' | 'turnstile';
    /** For the widget of `turnstile`. */
    site_key: string | null;
  };
};
export type CaptchaChallenge = {
  [key: string]: any;
};
export type WorkspaceSummary = {
  workspace_id: string;
  name: string;
  kind: 'personal' | 'team';
  role: 'owner' | 'admin' | 'member' | 'viewer';
  plan: 'free' | 'starter' | 'pro' | 'studio' | 'enterprise';
  suspended: boolean;
};
export type Me = {
  user: {
    user_id: string;
    email: string;
    name: string;
    locale: 'ko' | 'en';
    /** When the account will be deleted; null when nobody asked for it. */
    deletion_due_at: string | null;
  };
  workspace: WorkspaceSummary;
  workspaces: WorkspaceSummary[];
  /** What the plan allows; null is unlimited. */
  limits: {
    credits_per_month: number | null;
    storage_bytes: number | null;
    api_calls: number | null;
    running_max: number;
    waiting_max: number;
    members: number | null;
    priority: number;
  };
  usage: {
    /** Credits, at most three places */
    credits_used_this_month: number;
    api_calls: number;
    storage_bytes: number;
  };
  period: {
    start: string;
    end: string;
  };
};
export type SignIn = {
  session_id: string;
  /** A browser with a cookie, or a program that refreshes its tokens. */
  kind: 'browser' | 'program';
  /** The one this call was made with. */
  current: boolean;
  ip_address: string | null;
  user_agent: string | null;
  created_at: string;
  expires_at: string;
};
export type SignInPage = {
  data: SignIn[];
  next_cursor: string | null;
};
export type ChangeAddress = {
  email: string;
  password: string;
};
export type ApiKey = {
  id: string;
  name: string;
  /** How the secret begins, to recognise it by. */
  prefix: string;
  scopes: ('read' | 'generate')[];
  monthly_credit_budget: number | null;
  expires_at: string | null;
  /** To the minute. */
  last_used_at: string | null;
  created_at: string;
};
export type ApiKeyPage = {
  data: ApiKey[];
  next_cursor: string | null;
};
export type CreatedApiKey = {
  id: string;
  name: string;
  /** How the secret begins, to recognise it by. */
  prefix: string;
  scopes: ('read' | 'generate')[];
  monthly_credit_budget: number | null;
  expires_at: string | null;
  /** To the minute. */
  last_used_at: string | null;
  created_at: string;
  /** The secret, shown this once; null in a replayed answer. */
  key: string | null;
};
export type NewApiKey = {
  name: string;
  /** Both when missing. */
  scopes?: ('read' | 'generate')[];
  monthly_credit_budget?: number | null;
  expires_at?: string | null;
};
export type ApiKeyChange = {
  name?: string;
  scopes?: ('read' | 'generate')[];
  monthly_credit_budget?: number | null;
  expires_at?: string | null;
};
export type WorkspacePage = {
  data: WorkspaceSummary[];
  next_cursor: string | null;
};
export type NewWorkspace = {
  name: string;
};
export type WorkspaceChange = {
  name: string;
};
export type Member = {
  user_id: string;
  email: string;
  name: string;
  role: 'owner' | 'admin' | 'member' | 'viewer';
  monthly_credit_budget: number | null;
  /** Credits, at most three places */
  credits_used_this_month: number;
  joined_at: string;
};
export type MemberPage = {
  data: Member[];
  next_cursor: string | null;
};
export type MemberChange = {
  role?: 'owner' | 'admin' | 'member' | 'viewer';
  monthly_credit_budget?: number | null;
};
export type Invitation = {
  invitation_id: string;
  email: string;
  role: 'owner' | 'admin' | 'member' | 'viewer';
  /** `user_id` of the member who invited */
  invited_by: string;
  created_at: string;
  expires_at: string;
};
export type InvitationPage = {
  data: Invitation[];
  next_cursor: string | null;
};
export type NewInvitation = {
  email: string;
  role?: 'owner' | 'admin' | 'member' | 'viewer';
};
export type Membership = {
  workspace_id: string;
  role: 'owner' | 'admin' | 'member' | 'viewer';
};
export type AccountDeletion = {
  due_at: string;
};
export type DeleteAccount = {
  password: string;
};
export type Size = {
  width: number;
  height: number;
};
export type Lora = {
  id: string;
  name: string;
  /** Words of a prompt that call it up. */
  trigger_words: string[];
  default_weight: number;
  licence: string;
  available: boolean;
};
export type Model = {
  id: string;
  name: string;
  base: string;
  engine: string;
  /** A worker that is alive has it. Jobs for a model that is not wait. */
  available: boolean;
  modes: ('txt2img' | 'img2img' | 'inpaint' | 'outpaint' | 'upscale')[];
  sizes: {
    min: Size;
    max: Size;
    default: Size;
    multiple_of: number;
    /** When not empty, the only sizes this model draws. */
    only: Size[];
  };
  steps: {
    min: number;
    max: number;
    default: number;
  };
  guidance: {
    min: number;
    max: number;
    default: number;
  };
  schedulers: string[];
  styles: string[];
  languages: string[];
  licence: string;
  /** Kinds of `control` it follows; empty = none. */
  control_types: string[];
  reference_images_max: number;
  loras_max: number;
  loras: Lora[];
  /** Credits, at most three places */
  credits_per_image: number;
};
export type Models = {
  data: Model[];
};
export type Plan = {
  id: 'free' | 'starter' | 'pro' | 'studio' | 'enterprise';
  name: string;
  /** null = by contract */
  monthly_usd: number | null;
  yearly_usd: number | null;
  /** null = unlimited */
  credits_per_month: number | null;
  /** null = unlimited */
  storage_bytes: number | null;
  /** null = unlimited */
  api_calls_per_month: number | null;
  priority: number;
  running_max: number;
  waiting_max: number;
  /** null = unlimited */
  members: number | null;
};
export type Pack = {
  id: string;
  /** Credits, at most three places */
  credits: number;
  usd: number;
};
export type Plans = {
  data: Plan[];
  packs: Pack[];
  rules: {
    /** Credits, at most three places */
    credits_per_gpu_second: number;
    /** Credits, at most three places */
    credits_per_api_call: number;
    never_charged: string[];
    notes: string[];
  };
};
export type Quote = {
  quote_id: string;
  /** Credits, at most three places */
  expected_credits: number;
  /** The most the job can cost, and what a submit holds. */
  ceiling_credits: number;
  breakdown: {
    item: 'gpu_seconds' | 'api_call';
    /** Credits, at most three places */
    credits: number;
  }[];
  /** null = unlimited */
  available_credits: number | null;
  affordable: boolean;
  expires_at: string;
};
export type GenerateBody = {
  /** An id of GET /models; the default model when missing. */
  model?: string | null;
  /** 1 to 4,000 characters. */
  prompt: string;
  negative_prompt?: string;
  style?: string | null;
  /** The canvas, before outpaint. */
  width?: number;
  height?: number;
  steps?: number;
  guidance?: number;
  scheduler?: string;
  /** Image i uses (seed + i) mod 2^32; random when missing. */
  seed?: (number | string) | null;
  count?: number;
  init_image_id?: string | null;
  /** Canvas size; luminance of at least 50 % is repainted. */
  mask_image_id?: string | null;
  /** 1 ignores the init image. */
  strength?: number;
  outpaint?: {
    left: number;
    top: number;
    right: number;
    bottom: number;
  } | null;
  upscale?: {
    factor: number;
  } | null;
  loras?: {
    id: string;
    /** The default weight of the LoRA when missing. */
    weight?: number;
  }[];
  control?: {
    image_id: string;
    type: string;
    weight?: number;
    start?: number;
    end?: number;
  }[];
  reference_images?: {
    image_id: string;
    weight?: number;
  }[];
  /** Binds the price to a quote of POST /quotes. */
  quote_id?: string | null;
  /** The job expires, free of charge, when it has not started by then. */
  start_by_s?: number | null;
  metadata?: {
    [key: string]: string;
  };
};
export type AcceptedJob = {
  job_id: string;
  status: 'queued' | 'backlogged';
  /** Credits, at most three places */
  held_credits: number;
  /** Credits, at most three places */
  ceiling_credits: number;
  position: number | null;
  created_at: string;
};
export type JobStatus = 'backlogged' | 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'expired';
export type JobRequest = {
  /** An id of GET /models; the default model when missing. */
  model?: string | null;
  /** 1 to 4,000 characters. */
  prompt?: string;
  negative_prompt?: string;
  style?: string | null;
  /** The canvas, before outpaint. */
  width?: number;
  height?: number;
  steps?: number;
  guidance?: number;
  scheduler?: string;
  seed?: string;
  count?: number;
  init_image_id?: string | null;
  /** Canvas size; luminance of at least 50 % is repainted. */
  mask_image_id?: string | null;
  /** 1 ignores the init image. */
  strength?: number;
  outpaint?: {
    left: number;
    top: number;
    right: number;
    bottom: number;
  } | null;
  upscale?: {
    factor: number;
  } | null;
  loras?: {
    id: string;
    /** The default weight of the LoRA when missing. */
    weight?: number;
  }[];
  control?: {
    image_id: string;
    type: string;
    weight: number;
    start: number;
    end: number;
  }[];
  reference_images?: {
    image_id: string;
    weight: number;
  }[];
  /** The job expires, free of charge, when it has not started by then. */
  start_by_s?: number | null;
  metadata?: {
    [key: string]: string;
  };
  [key: string]: any;
};
export type Image = {
  image_id: string;
  /** The original. Needs the credentials of the caller. */
  url: string;
  thumbnails: {
    '256': string;
    '512': string;
  };
  width: number;
  height: number;
  seed: string | null;
  bytes: number;
  sha256: string;
  engine_info: {
    [key: string]: any;
  };
  kind: 'result' | 'upload';
  job_id: string | null;
  created_at: string;
  deleted_at: string | null;
};
export type Job = {
  job_id: string;
  status: JobStatus;
  /** 0 to 1 */
  progress: number;
  phase: string | null;
  /** Jobs estimated to start before this one, at most 1,000; null when it runs or has ended. */
  position: number | null;
  /** null when the job has been deleted */
  request: JobRequest | null;
  /** Credits, at most three places */
  held_credits: number;
  /** null until the job has ended */
  charged_credits: number | null;
  attempt: number;
  images: Image[];
  error: {
    code: string;
    detail: string;
    charged: boolean;
  } | null;
  reproduction: {
    of_image_id: string;
    /** null until it is known. `impossible` without a distance: nothing was rendered or charged; with one: the engine drew another picture. */
    verdict: ('identical' | 'similar' | 'impossible') | null;
    /** 0 (no difference) to 1: root mean square of the colours at 64 × 64; up to 0.1 is similar. */
    distance: number | null;
    why: string | null;
  } | null;
  created_at: string;
  started_at: string | null;
  cancel_requested_at: string | null;
  finished_at: string | null;
};
export type JobPage = {
  data: Job[];
  next_cursor: string | null;
};
export type CreditPayer = {
  grant_id: string;
  kind: 'plan' | 'promotional' | 'purchase' | 'contract';
  /** Credits, at most three places */
  credits: number;
};
export type CreditEntry = {
  entry_id: string;
  kind: 'grant' | 'capture' | 'expiry' | 'refund' | 'adjustment';
  /** + in, − out */
  credits: number;
  /** The balance after this entry; holds do not count. */
  balance_after: number;
  job_id?: string;
  order_id?: string;
  reason: string;
  created_at: string;
  /** Its place in the hash chain; null until it is sealed. */
  hash: string | null;
};
export type Receipt = {
  job_id: string;
  quote: {
    /** Credits, at most three places */
    expected: number;
    /** Credits, at most three places */
    ceiling: number;
  };
  attempts: {
    number: number;
    worker: string;
    device: string;
    outcome: string | null;
    load_ms: number;
    encode_ms: number;
    denoise_ms: number;
    decode_ms: number;
    upload_ms: number;
    gpu_ms: number;
    billed_ms: number;
    why: string;
  }[];
  /** Their sum is `charged_credits`. */
  lines: {
    item: 'gpu_seconds' | 'api_call';
    quantity: number;
    /** Credits, at most three places */
    credits: number;
  }[];
  /** Credits, at most three places */
  charged_credits: number;
  paid_from: CreditPayer[];
  /** Credits, at most three places */
  released_credits: number;
  entries: CreditEntry[];
  recipe_sha256: string | null;
};
export type Placement = {
  job_id: string;
  status: JobStatus;
  /** `own_limit`: your own jobs at once; `worker`: a free one; `engine`: none that has the model is running now; null: it does not wait. */
  waits_for: ('own_limit' | 'worker' | 'engine') | null;
  priority: {
    /** Of the plan at submit. */
    level: number;
    /** One more for every 30 s waited, at most 10. */
    effective_level: number;
    /** The sum of the parts; the highest goes first. */
    points: number;
    parts: {
      /** Points; negative counts against the job. */
      level: number;
      /** Points; negative counts against the job. */
      waited: number;
      /** Points; negative counts against the job. */
      urgency: number;
      /** Points; negative counts against the job. */
      load: number;
      /** Points; negative counts against the job. */
      usage: number;
      /** Points; negative counts against the job. */
      passed_over: number;
    };
  } | null;
  position: number | null;
  /** Jobs ahead by effective level; their sum is `position`. */
  ahead:
    | {
        level: number;
        jobs: number;
      }[]
    | null;
  /** Model loads expected up to and with this job. */
  loads_planned: number | null;
  /** If nothing arrives or is cancelled: when all jobs take what is expected, and when all take their ceiling. null when no worker has the model. */
  expected_start: {
    earliest: string;
    latest: string;
  } | null;
  own_limit: {
    running_at_once: number;
    /** Queued or running now. */
    active: number;
    /** Your own jobs before it. */
    rank: number;
  } | null;
};
export type ImagePage = {
  data: Image[];
  next_cursor: string | null;
};
export type UploadedImage = {
  image_id: string;
  width: number;
  height: number;
};
export type Subscription = {
  provider: 'sandbox' | 'lemonsqueezy' | 'stripe';
  product: 'starter' | 'pro' | 'studio';
  interval: 'month' | 'year';
  status: 'on_trial' | 'active' | 'paused' | 'past_due' | 'unpaid' | 'cancelled' | 'expired';
  /** Runs out at `ends_at`; until then it can be resumed. */
  cancelled: boolean;
  started_at: string;
  renews_at: string | null;
  ends_at: string | null;
  pause: {
    mode: 'void' | 'free';
    resumes_at: string | null;
  } | null;
  card: {
    brand: string;
    last_four: string;
  } | null;
};
export type PlanChange = {
  product: 'starter' | 'pro' | 'studio';
  interval: 'month' | 'year';
  kind: 'upgrade' | 'downgrade';
  effective_at: string;
};
export type Billing = {
  plan: 'free' | 'starter' | 'pro' | 'studio' | 'enterprise';
  /** Who sells here now; null = nobody */
  provider: ('sandbox' | 'lemonsqueezy' | 'stripe') | null;
  subscription: Subscription | null;
  pending_change: PlanChange | null;
  /** Enterprise, by contract */
  contract: {
    ends_at: string;
  } | null;
};
export type PaymentPage = {
  /** Open it in the browser. */
  url: string;
};
export type ProductChoice = {
  product: 'starter' | 'pro' | 'studio';
  interval: 'month' | 'year' | 'monthly' | 'yearly';
};
export type PackChoice = {
  pack: 'pack_1000' | 'pack_5000' | 'pack_20000';
};
export type BillingPortal = {
  url: string;
  /** Straight to the card, where there is such a page */
  payment_method_url: string | null;
};
export type ChangePreview = {
  kind: 'upgrade' | 'downgrade';
  product: 'starter' | 'pro' | 'studio';
  interval: 'month' | 'year';
  effective_at: string;
  /** Charged at once, before taxes; the provider counts the last cent. */
  due_now_cents: number;
  currency: string;
  /** Arrive when the difference is paid. */
  credits_now: number;
  /** Credits, at most three places */
  credits_per_month: number;
};
export type Invoice = {
  invoice_id: string;
  provider: 'sandbox' | 'lemonsqueezy' | 'stripe';
  kind: 'subscription' | 'pack';
  reason: 'initial' | 'renewal' | 'updated' | 'other' | 'order';
  status: 'pending' | 'paid' | 'failed' | 'void' | 'refunded' | 'partial_refund' | 'fraudulent';
  /** What it was for, where the provider says so: a product or a pack */
  item: string | null;
  currency: string;
  total_cents: number;
  refunded_cents: number;
  /** Granted for it so far */
  credits: number;
  /** Of these, taken back after a refund */
  credits_taken_back: number;
  created_at: string;
};
export type InvoicePage = {
  data: Invoice[];
  next_cursor: string | null;
};
export type WebhookReceived = {
  received: true;
};
export type CreditGrant = {
  grant_id: string;
  kind: 'plan' | 'promotional' | 'purchase' | 'contract';
  /** Credits, at most three places */
  granted: number;
  /** Held parts are still in it. */
  remaining: number;
  /** null = never */
  expires_at: string | null;
};
export type CreditAccount = {
  /** What can be spent now, holds already subtracted; null = unlimited. */
  available: number | null;
  /** Reserved by jobs that have not ended. */
  held: number;
  unlimited: boolean;
  /** Credits, at most three places */
  credits_used_this_month: number;
  /** The month of this workspace, [start, end). */
  period: {
    start: string;
    end: string;
  };
  /** In the order in which they are spent. */
  grants: CreditGrant[];
};
export type CreditEntries = {
  data: CreditEntry[];
  next_cursor: string | null;
};
export type LedgerExportEntry = {
  version: 1;
  workspace_id: string;
  seq: number;
  /** The hash of the entry before; null for the first. */
  previous_hash: string | null;
  entry_id: string;
  transaction_id: string;
  kind: 'grant' | 'capture' | 'expiry' | 'refund' | 'adjustment';
  amount_milli: number;
  balance_after_milli: number;
  reference: string;
  job_id: string | null;
  order_id: string | null;
  hold_id: string | null;
  created_at: string;
  /** Both sides of the transaction; they sum to zero. */
  postings: {
    entry_id: string;
    account: string;
    amount_milli: number;
  }[];
  /** The grant that this entry issued. */
  issued: {
    grant_id: string;
    kind: 'plan' | 'promotional' | 'purchase' | 'contract';
    granted_milli: number;
    effective_at: string;
    expires_at: string | null;
  } | null;
  /** Which grants paid; negative: what went back to them. */
  consumed: {
    grant_id: string;
    amount_milli: number;
  }[];
  /** SHA-256 of salt and reason; null when there was none. */
  reason_sha256: string | null;
  hash: string;
  reason: string | null;
  reason_salt: string | null;
};
export type LedgerExport = {
  format: 'pingvas-ledger-export/1';
  workspace_id: string;
  head: {
    exported_at: string;
    /** How many entries the chain had. */
    entries: number;
    /** The hash of the last one; null when there was none. */
    hash: string | null;
    balance_milli: number;
    /** Entries (seq) whose reason was erased before this export. */
    erased: number[];
    /** Where the chain stood at the end of a day, with the salt that finds it in the published list. */
    days: {
      day: string;
      seq: number;
      salt: string;
    }[];
  };
  signature: {
    algorithm: 'Ed25519';
    key_id: string;
    public_key: string;
    value: string;
  };
  entries: LedgerExportEntry[];
};
export type PublishedLedger = {
  format: 'pingvas-ledger-keys/1';
  keys: {
    key_id: string;
    algorithm: 'Ed25519';
    public_key: string;
    first_used_at: string;
  }[];
  days: {
    day: string;
    root: string;
    leaves: number;
    previous_root: string | null;
    key_id: string;
    signature: string;
    /** The leaves, sorted; only of the day that was asked for. */
    list?: string[];
  }[];
};
export const {
  useGetHealthQuery,
  useGetLivenessQuery,
  useGetReadinessQuery,
  useCreateTokenMutation,
  useRevokeTokenMutation,
  useListProvidersQuery,
  useCreateChallengeQuery,
  useGetMeQuery,
  useListSessionsQuery,
  useEndSessionMutation,
  useChangeAddressMutation,
  useListApiKeysQuery,
  useCreateApiKeyMutation,
  useChangeApiKeyMutation,
  useRevokeApiKeyMutation,
  useListWorkspacesQuery,
  useCreateWorkspaceMutation,
  useChangeWorkspaceMutation,
  useListMembersQuery,
  useGetMemberQuery,
  useChangeMemberMutation,
  useRemoveMemberMutation,
  useListInvitationsQuery,
  useInviteMemberMutation,
  useRevokeInvitationMutation,
  useAcceptInvitationMutation,
  useDeleteAccountMutation,
  useKeepAccountMutation,
  useListModelsQuery,
  useListPlansQuery,
  useCreateQuoteQuery,
  useGenerateMutation,
  useReproduceImageMutation,
  useListJobsQuery,
  useGetJobQuery,
  useDeleteJobMutation,
  useGetReceiptQuery,
  useGetPlacementQuery,
  useGetPreviewQuery,
  useCancelJobMutation,
  useStreamJobQuery,
  useStreamWorkspaceQuery,
  useListImagesQuery,
  useGetImageQuery,
  useDeleteImageMutation,
  useRestoreImageMutation,
  useGetImageContentQuery,
  useUploadImageMutation,
  useGetBillingQuery,
  useStartCheckoutMutation,
  useBuyCreditPackMutation,
  useOpenBillingPortalMutation,
  useChangePlanMutation,
  useWithdrawPlanChangeMutation,
  useCancelSubscriptionMutation,
  useResumeSubscriptionMutation,
  useListInvoicesQuery,
  useOpenInvoiceMutation,
  useReceiveWebhookMutation,
  useGetCreditsQuery,
  useListCreditTransactionsQuery,
  useExportLedgerQuery,
  useGetPublishedLedgerQuery,
} = injectedRtkApi;
