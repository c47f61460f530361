export { createLedgerSigner, type LedgerSigner } from './chain/signer.ts';
export { type Verdict, verifyExport } from './chain/verify-export.ts';
export { creditsChores, creditsSchedule } from './credits.jobs.ts';
export { creditsRoutes, type CreditsDeps } from './credits.routes.ts';
export { CreditEntry, CreditPayer } from './credits.schemas.ts';
export { getUsage, type Usage } from './get-usage.ts';
export { grantCredits, type GrantCredits } from './grant-credits.ts';
export { paidFrom } from './paid-from.ts';
export { sealAllLedgers } from './seal-ledger.ts';
