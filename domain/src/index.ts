export * from './generation-state.ts';
export * from './priority.ts';
