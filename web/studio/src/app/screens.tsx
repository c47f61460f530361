import { Suspense, useEffect, useRef } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useSessionQuery } from '../api/api.ts';
import { ProblemNote } from '../components/states/problem-note.tsx';
import { SkeletonList } from '../components/states/skeleton.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { routes } from './routes.ts';
import { Shell } from './shell/shell.tsx';

/** Chooses the screen by the address; who must be signed in is led to the door and back again. */
export function Screens() {
  const { data: me, error, refetch } = useSessionQuery();
  useArrival();
  const waiting = <SkeletonList className="h-24" />;
  return (
    <Shell me={me ?? undefined}>
      <Suspense fallback={waiting}>
        <Switch>
          {routes.map(({ page, for: who, Component }) => (
            <Route key={page} path={page}>
              {who === 'everybody' ? (
                <Component />
              ) : me === undefined ? (
                error === undefined ? (
                  waiting
                ) : (
                  <ProblemNote error={error} onRetry={() => void refetch()} />
                )
              ) : who === 'members' && me === null ? (
                <Redirect to={`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`} replace />
              ) : who === 'strangers' && me !== null ? (
                <Redirect to={afterSignIn()} replace />
              ) : (
                <Component />
              )}
            </Route>
          ))}
          <Route>
            <NotFoundPage />
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  );
}

/** Where somebody wanted to go; only pages of ours. */
function afterSignIn(): string {
  const next = new URLSearchParams(location.search).get('next') ?? '';
  return /^\/(?![/\\])/.test(next) ? next : '/create';
}

/** A new page begins at its top, and the keyboard and the screen reader begin there too. */
function useArrival(): void {
  const [path] = useLocation();
  const first = useRef(true);
  // A picture opened over the gallery leaves the gallery where it is.
  const screen = path.split('/')[1];
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    scrollTo(0, 0);
    document.getElementById('content')?.focus({ preventScroll: true });
  }, [screen]);
}
