/** The page's first file: what the server bundles. */
import './style.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Client } from './client.ts';
import { placeOfHash } from './place.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('there is no #root in the page');

const client = new Client();
client.start(placeOfHash(location.hash));
createRoot(root).render(<App client={client} />);
