import { Component, type ReactNode } from 'react';
import { Translation } from 'react-i18next';
import { EmptyState } from '../components/states/empty-state.tsx';
import { Button } from '../components/ui/button.tsx';

/** What is seen when a screen cannot be drawn, or its file is gone after an update. React offers this to classes only. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Translation>
        {(t) => (
          <main role="alert">
            <EmptyState title={t('common.broken')} hint={t('common.brokenHint')}>
              <Button look="primary" className="mt-3" onClick={() => location.reload()}>
                {t('common.reload')}
              </Button>
            </EmptyState>
          </main>
        )}
      </Translation>
    );
  }
}
