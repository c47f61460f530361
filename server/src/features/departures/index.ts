export { departuresChores, departuresSchedule } from './departures.jobs.ts';
export { departuresRoutes } from './departures.routes.ts';
