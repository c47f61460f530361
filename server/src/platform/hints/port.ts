/** A hint says that something changed and where to look; it carries no facts, may come twice, and may be lost. */
export type Hint = { channel: string; payload: string };

export type Subscription = {
  /** Called with the payload of every hint of a channel. */
  channels: Record<string, (payload: string) => void>;
  /** Called after each (re)connection, when hints may have been lost: look at the tables. */
  onConnected?: () => void;
};

/** Carries hints between processes. Never part of a transaction: send them after the commit. */
export interface HintBus {
  /** Rejects when they could not be sent; whoever waits for them finds out by polling. */
  publish: (hints: readonly Hint[]) => Promise<void>;
  /** Hears hints until `close`, connecting again for ever. */
  subscribe: (subscription: Subscription) => { close: () => Promise<void> };
  /** Ends the connection that publishes, if the bus has one of its own. */
  close: () => Promise<void>;
}
