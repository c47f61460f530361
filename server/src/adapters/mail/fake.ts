import type { Mail, MailMessage } from './port.ts';

/** Keeps messages in memory, in the order of their arrival. */
export function createFakeMail(): Mail & { messages: () => MailMessage[] } {
  const byId = new Map<string, MailMessage>();
  return {
    send: async (message) => {
      if (!byId.has(message.messageId)) byId.set(message.messageId, message);
      return Promise.resolve();
    },
    messages: () => [...byId.values()],
  };
}
