/** Where the process begins: Node keeps what it has compiled, then everything else is loaded (main/run.ts). */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

// Beside the code and not in the shared temporary directory, where others could put code of theirs for us to run. Where
// this cannot be written (an image that is read only), Node goes on without.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/triage'));
await import('./main/run.ts');
// Now rather than at the end, which a process that is killed does not see.
flushCompileCache();
