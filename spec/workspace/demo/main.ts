/** Where `npm run demo` begins: as in src/main.ts, what Node has compiled is kept, then everything else is loaded. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/triage'));
await import('./run.ts');
