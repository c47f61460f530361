import { Provider } from 'react-redux';
import { store } from '../api/store.ts';
import { ToastProvider } from '../components/ui/toast.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Screens } from './screens.tsx';

/** The whole studio: its store, its messages, and the screen of the present address. */
export function App() {
  return (
    <Provider store={store}>
      <ErrorBoundary>
        <ToastProvider>
          <Screens />
        </ToastProvider>
      </ErrorBoundary>
    </Provider>
  );
}
