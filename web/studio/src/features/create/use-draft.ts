import { useCallback } from 'react';
import { useDispatch, useSelector } from 'react-redux';
import type { RootState } from '../../api/store.ts';
import { changed, type Draft } from '../../lib/draft/draft.ts';

/** What the composer holds, and the way to change it. */
export function useDraft(): [Draft, (changes: Partial<Draft>) => void] {
  const dispatch = useDispatch();
  const draft = useSelector((state: RootState) => state.draft);
  const change = useCallback((changes: Partial<Draft>) => dispatch(changed(changes)), [dispatch]);
  return [draft, change];
}
