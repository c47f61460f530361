import { common } from './common.ts';
import { shell } from './shell.ts';
import { landing } from './landing.ts';
import { auth } from './auth.ts';
import { create } from './create.ts';
import { credits } from './credits.ts';
import { usage } from './usage.ts';

export const en = { common, shell, landing, auth, create, credits, usage };
