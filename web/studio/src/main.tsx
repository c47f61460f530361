import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { applyTheme } from './lib/theme.ts';
import { startI18n } from './i18n/i18n.ts';
import './styles.css';

applyTheme();
await startI18n();
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
// After the first paint: until it is there, the system's own Korean font serves.
void import('@pingvas/web-shared/fonts.css');
