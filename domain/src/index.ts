export * from './amounts.ts';
export * from './credits.ts';
export * from './generation-state.ts';
export * from './period.ts';
export * from './permissions.ts';
export * from './plans.ts';
export * from './pricing.ts';
export * from './priority.ts';
