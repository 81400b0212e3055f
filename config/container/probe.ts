/** The image's health check: exits 0 when `/health` of the daemon beside it answers 200 within 2.5 s, else 1. */
const port = process.env['HEALTH_PORT'] || '3000';
const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2500) }).catch(
  () => null,
);
process.exit(answer?.status === 200 ? 0 : 1);
