import { simulatePlacement } from './placement.ts';
import { simulateScheduler } from './scheduler.ts';

// `npm run simulate [-- NAME]`: discrete-event simulations of the product's own rules.

const simulations: Record<string, () => void | Promise<void>> = {
  scheduler: simulateScheduler,
  placement: simulatePlacement,
};

const name = process.argv[2] ?? 'scheduler';
const simulation = simulations[name];
if (!simulation) {
  console.error(`There is no simulation '${name}'. There are: ${Object.keys(simulations).join(', ')}`);
  process.exit(2);
}
await simulation();
