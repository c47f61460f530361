/** A machine that is rented by the spot may be taken back: its cloud says so a little before. */
export type Notice = { /** When the machine is stopped, milliseconds since 1970. */ endsAtMs: number };

export interface InterruptionNotices {
  /** The notice that stands now, or undefined. Throws when the cloud cannot be asked. */
  current(): Promise<Notice | undefined>;
}

/** A machine that nobody takes back. */
export const noInterruptions: InterruptionNotices = { current: async () => undefined };
