import type { Family } from '../graph/family.ts';
import { cogview4 } from './cogview4.ts';
import { flux } from './flux.ts';
import { flux2 } from './flux2.ts';
import { qwenImage } from './qwen-image.ts';
import { sd1 } from './sd1.ts';
import { sd3 } from './sd3.ts';
import { sdxl } from './sdxl.ts';
import { zImage } from './z-image.ts';

/** Every family we can draw with, in the order in which an engine offers its models. */
export const families: readonly Family[] = [sd1, sdxl, flux, sd3, flux2, zImage, qwenImage, cogview4];
