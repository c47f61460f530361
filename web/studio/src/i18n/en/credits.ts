import type { credits as ko } from '../ko/credits.ts';

export const credits: typeof ko = {
  grant_plan: 'this month’s credits',
  grant_promotional: 'gift credits',
  grant_purchase: 'bought credits',
  grant_contract: 'contract credits',
};
