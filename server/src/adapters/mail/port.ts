/** The mail port: hands one finished message to whoever delivers it. */
export type MailMessage = {
  /** Same id twice = the same mail: an implementation delivers it once. */
  messageId: string;
  to: string;
  subject: string;
  text: string;
  html: string;
};

export interface Mail {
  /** Resolves when the message is accepted for delivery; rejects when it was not and may be tried again. */
  send(message: MailMessage): Promise<void>;
}
