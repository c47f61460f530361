import type { Database } from '#platform/db/database.ts';

/** What the use-cases of workspaces stand on. */
export type WorkspacesDeps = {
  /** Role `pingvas_app`. */
  db: Database;
  /** Role `pingvas_auth`: names and addresses of people. */
  authDb: Database;
  /** AUTH_SECRET, from which tokens of invitations are derived. */
  secret: string;
  /** The base of links in mails. */
  publicUrl: string;
  /** What this process remembers about callers. */
  callers: { forget: () => void };
};
