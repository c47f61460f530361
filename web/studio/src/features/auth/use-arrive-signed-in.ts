import { useDispatch } from 'react-redux';
import { api } from '../../api/api.ts';

/** What the page knew of a stranger is forgotten; it then asks who is here, and the screens lead on. */
export function useArriveSignedIn(): () => void {
  const dispatch = useDispatch();
  return () => void dispatch(api.util.resetApiState());
}
