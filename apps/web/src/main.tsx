import './noEval.ts';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import { NeuroError } from '@neurodata/protocol';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, Suspense, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter, HashRouter } from 'react-router';
import { App } from './App.tsx';
import { isStatic } from './client/chosenNode.ts';
import { keepOffline } from './client/keepOffline.ts';
import { needsNode } from './client/needsNode.ts';
import { lazyPart } from './components/lazyPart.ts';
import './styles.css';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Without a network the service worker answers what it was told before.
      networkMode: 'always',
      retry: (failures, error) => failures < 2 && !(error instanceof NeuroError && !error.retryable),
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no #root.');
const root = createRoot(element);
const ChooseNode = lazyPart(() => import('./components/ChooseNode.tsx'), 'ChooseNode');
// A node gives its page for every address; elsewhere only what is behind `#` is the page's own.
const Router = isStatic ? HashRouter : BrowserRouter;

/** As a transition: a phone draws and hears its user between the pieces. */
function show(asking: boolean): void {
  startTransition(() => root.render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Router>{asking ? <Suspense fallback={null}><ChooseNode /></Suspense> : <App />}</Router>
      </QueryClientProvider>
    </StrictMode>,
  ));
}
// At once where there is nothing to find out.
if (isStatic) void needsNode().then(show);
else show(false);
keepOffline(() => void queries.invalidateQueries());
