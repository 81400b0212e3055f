import { buildImage, haveBaseImages, IMAGE, startEngine } from './engine.ts';

let stopEngine = async (): Promise<void> => {};

/** Loaded by mocha before the container specs: an engine, the base images, this commit's image. */
export async function mochaGlobalSetup(): Promise<void> {
  try {
    stopEngine = await startEngine();
    await haveBaseImages();
    await buildImage(IMAGE, 'legacy', { VERSION: '0.0.0-spec', REVISION: 'spec' });
  } catch (error) {
    // Mocha would print a stack over it.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

export async function mochaGlobalTeardown(): Promise<void> {
  await stopEngine();
}
