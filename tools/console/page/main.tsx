import { render } from 'preact';
import { App } from './app.tsx';
import { listen } from './live.ts';

const root = document.getElementById('app');
if (root !== null) {
  root.replaceChildren();
  render(<App />, root);
  listen();
}
