import { common } from './common.ts';
import { shell } from './shell.ts';
import { landing } from './landing.ts';
import { plans } from './plans.ts';
import { legal } from './legal.ts';
import { auth } from './auth.ts';
import { create } from './create.ts';
import { gallery } from './gallery.ts';
import { receipt } from './receipt.ts';
import { credits } from './credits.ts';
import { usage } from './usage.ts';
import { account } from './account.ts';
import { billing } from './billing.ts';

export const en = {
  common,
  shell,
  landing,
  plans,
  legal,
  auth,
  create,
  gallery,
  receipt,
  credits,
  usage,
  account,
  billing,
};
