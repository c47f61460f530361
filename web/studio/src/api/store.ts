import { configureStore, isRejectedWithValue, type Middleware } from '@reduxjs/toolkit';
import { setupListeners } from '@reduxjs/toolkit/query';
import { draftSlice, keepDraft, keptDraft } from '../lib/draft/draft.ts';
import { api } from './api.ts';

/** A session that ended elsewhere shows itself as a refused call: the page then asks again who is signed in. */
const noticeSignOut: Middleware =
  ({ dispatch }) =>
  (next) =>
  (action) => {
    if (isRejectedWithValue(action) && (action.payload as { status?: unknown } | undefined)?.status === 401)
      dispatch(api.util.invalidateTags(['Me']));
    return next(action);
  };

export const store = configureStore({
  reducer: { [api.reducerPath]: api.reducer, draft: draftSlice.reducer },
  preloadedState: { draft: keptDraft() },
  middleware: (defaults) => defaults().concat(api.middleware, noticeSignOut),
});
setupListeners(store.dispatch);

export type RootState = ReturnType<typeof store.getState>;

let keptLast = store.getState().draft;
store.subscribe(() => {
  const { draft } = store.getState();
  if (draft !== keptLast) keepDraft(draft);
  keptLast = draft;
});
