import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import type { Stroke } from './mask.ts';
import type { Size } from './size-presets.ts';

/** A picture to start from. */
export type SourceImage = Size & { image_id: string };

/** What is done to a source image: drawn anew after it, a painted part redrawn, more drawn around it, or more pixels given to it. */
export type Edit = 'vary' | 'mask' | 'extend' | 'upscale';

export type Sides = { left: number; top: number; right: number; bottom: number };

/** What the composer holds. null is the model's own default; an empty seed is a random one. */
export type Draft = {
  prompt: string;
  negativePrompt: string;
  model: string | null;
  style: string | null;
  size: Size | null;
  count: number;
  seed: string;
  steps: number | null;
  guidance: number | null;
  scheduler: string | null;
  source: SourceImage | null;
  edit: Edit;
  strength: number;
  strokes: Stroke[];
  sides: Sides;
};

export const emptyDraft: Draft = {
  prompt: '',
  negativePrompt: '',
  model: null,
  style: null,
  size: null,
  count: 1,
  seed: '',
  steps: null,
  guidance: null,
  scheduler: null,
  source: null,
  edit: 'vary',
  strength: 0.6,
  strokes: [],
  sides: { left: 0, top: 0, right: 0, bottom: 0 },
};

const kept = 'pingvas.draft';

/** The draft this browser kept; an unreadable one is forgotten. */
export function keptDraft(): Draft {
  try {
    return { ...emptyDraft, ...(JSON.parse(localStorage.getItem(kept) ?? '{}') as Partial<Draft>) };
  } catch {
    return emptyDraft;
  }
}

/** Keeps a draft over a reload. */
export const keepDraft = (draft: Draft): void => localStorage.setItem(kept, JSON.stringify(draft));

/** Nothing of a person stays in the browser after they left. */
export const forgetDraft = (): void => localStorage.removeItem(kept);

export const draftSlice = createSlice({
  name: 'draft',
  initialState: emptyDraft,
  reducers: {
    changed: (draft, { payload }: PayloadAction<Partial<Draft>>) => {
      // Another source or canvas: what was painted on the old one means nothing.
      const moved =
        (payload.source !== undefined && payload.source?.image_id !== draft.source?.image_id) ||
        payload.size !== undefined;
      Object.assign(draft, moved ? { strokes: [], sides: emptyDraft.sides } : {}, payload);
    },
    replaced: (_draft, { payload }: PayloadAction<Partial<Draft>>) => ({ ...emptyDraft, ...payload }),
  },
});
export const { changed, replaced } = draftSlice.actions;
