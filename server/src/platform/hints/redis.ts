import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { HintBus } from './port.ts';

/** Hints by Redis publish/subscribe: the database is spared one notification per change and one listening connection per process. */
export function createRedisHints({ url, log }: { url: string; log: Pick<Logger, 'warn'> }): HintBus {
  const connect = (): Redis => {
    const redis = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false, lazyConnect: false });
    redis.on('error', (error) => log.warn({ err: error }, 'Redis is away; hints are lost until it is back'));
    return redis;
  };
  const publisher = connect();
  return {
    publish: async (hints) => {
      const pipeline = publisher.pipeline();
      for (const { channel, payload } of hints) pipeline.publish(channel, payload);
      const answers = await pipeline.exec();
      const failed = answers?.find(([error]) => error !== null)?.[0];
      if (failed) throw failed;
    },
    subscribe: ({ channels, onConnected }) => {
      const subscriber = connect();
      subscriber.on('message', (channel, payload) => channels[channel]?.(payload));
      subscriber.on('ready', () => {
        subscriber.subscribe(...Object.keys(channels)).then(
          () => onConnected?.(),
          (error: unknown) => log.warn({ err: error }, 'subscribing failed'),
        );
      });
      return {
        close: async () => {
          subscriber.disconnect();
        },
      };
    },
    close: async () => {
      publisher.disconnect();
    },
  };
}
