import './zod-without-eval.ts';
import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { takeTokenFromUrl } from './session/access-token.ts';

takeTokenFromUrl();
const place = document.getElementById('root');
if (place === null) throw new Error('the page has no element #root');
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
