import { outcomeOf } from './run.ts';

export interface BaseImages {
  /** The -dev variant, which builds. */
  readonly NODE_DEV_IMAGE: string;
  /** The minimal one, which runs. */
  readonly NODE_IMAGE: string;
}

export const HARDENED: BaseImages = {
  NODE_DEV_IMAGE: 'dhi.io/node:24-alpine3.22-dev',
  NODE_IMAGE: 'dhi.io/node:24-alpine3.22',
};

/** For who has no login; they have a shell and a package manager, which the hardened ones have not. */
export const PUBLIC: BaseImages = { NODE_DEV_IMAGE: 'node:24-alpine', NODE_IMAGE: 'node:24-alpine' };

/**
 * Makes sure, before anything is built, that all these images are on this machine: what is not is pulled. Throws an Error
 * that names the first one that cannot be had, why, and the ways out.
 */
export async function haveImages(images: readonly string[], docker = 'docker'): Promise<void> {
  const engine = await outcomeOf(docker, ['version']).catch(() => null);
  if (engine?.code !== 0) throw new Error('no Docker engine answers: start it, or set DOCKER_HOST');
  for (const image of new Set(images)) {
    if ((await outcomeOf(docker, ['image', 'inspect', image])).code === 0) continue;
    const { code, stderr } = await outcomeOf(docker, ['pull', '--quiet', image]);
    if (code === 0) continue;
    const registry = /^[^/]*[.:][^/]*(?=\/)/.exec(image)?.[0] ?? 'docker.io';
    throw new Error(
      [
        `${image} is not on this machine and cannot be pulled: ${stderr.trim().split('\n').at(-1) ?? ''}`,
        'There are two ways out:',
        `  docker login ${registry}          with a Docker account (free of charge for dhi.io), then the same again`,
        '  npm run image -- --public     builds on public images instead; docs/container.md says what that costs',
      ].join('\n'),
    );
  }
}
