import type { Config } from '#platform/config.ts';

/** Says where everything is, once it answers. */
export function printWelcome(config: Config, sandboxUrl: string | null): void {
  const url = config.publicUrl;
  const lines = [
    ['Web app', url],
    ['API docs', `${url}/docs`],
    ['Health', `${url}/health`],
    ['Metrics', `http://${config.http.internalHost}:${config.http.internalPort}/metrics`],
    ...(config.production ? [] : [['Mailbox', `${url}/dev/mail`]]),
    ...(sandboxUrl === null ? [] : [['Payments', `${sandboxUrl}/control (sandbox)`]]),
    ...(config.demo ? [['Demo account', 'demo@pingvas.local / pingvas-demo']] : []),
  ];
  console.log(
    `\nPingvasAI is ready.\n\n${lines.map(([name = '', value = '']) => `  ${name.padEnd(14)}${value}`).join('\n')}\n\nCtrl-C stops everything; the data stays in ${config.dataDir}.\n`,
  );
}
