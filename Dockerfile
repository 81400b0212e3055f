# One stage builds on the -dev variant of the base image, the other runs on the minimal one, in which there is neither a
# shell nor a package manager: so nothing is RUN in it. Both builders of Docker take this file, the old one too. There is
# no syntax line, because that would fetch something from Docker Hub. Digests go into the same arguments
# (NODE_IMAGE=dhi.io/node:24-alpine3.22@sha256:…); see docs/container.md.
ARG NODE_DEV_IMAGE=dhi.io/node:24-alpine3.22-dev
ARG NODE_IMAGE=dhi.io/node:24-alpine3.22

FROM ${NODE_DEV_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY config/container/build-packages.ts ./config/container/
# Neither specs nor linters. esbuild's program comes as an optional dependency, so no package has to run a script.
RUN node config/container/build-packages.ts && npm ci --ignore-scripts --no-audit --no-fund
COPY LICENSE ./
COPY config/container ./config/container
COPY src ./src
RUN node config/container/bundle.ts bundle

FROM ${NODE_IMAGE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="TrIAge" \
      org.opencontainers.image.description="A self-hosted Slack triage bot" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production HEALTH_HOST=0.0.0.0
WORKDIR /app
# Root's, and so not the daemon's to change.
COPY --from=build /build/bundle ./bundle
# A number, since Kubernetes' runAsNonRoot takes no name.
USER 1000:1000
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=4s --start-period=30s --retries=3 CMD ["node", "bundle/probe.mjs"]
CMD ["node", "bundle/triage.mjs"]
