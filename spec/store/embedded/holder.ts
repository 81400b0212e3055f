/** A process that holds the embedded server of the directory it is given, until it is told to end. For server.spec.ts. */
import { createEmbeddedServer } from '../../../src/store/embedded/server.ts';
import { captureLogger } from '../../support/capture-logger.ts';

const server = createEmbeddedServer({ dataDir: process.argv[2] ?? '', logger: captureLogger() });
process.once('SIGTERM', () => {
  void server.stop();
});
try {
  await server.start();
  process.stdout.write(`held ${JSON.stringify(server.connection)}\n`);
} catch (error) {
  process.stdout.write(`refused ${String(error)}\n`);
}
