# The same app built in other ways, to compare with (npm run image:compare, spec/container/start-and-memory.container.ts); nobody
# runs these. `unbundled`: the packages and the source as they are, on the same minimal base. `ordinary`: as most images of
# Node are made.
ARG NODE_DEV_IMAGE=dhi.io/node:24-alpine3.22-dev
ARG NODE_IMAGE=dhi.io/node:24-alpine3.22
ARG ORDINARY_IMAGE=node:24-bookworm-slim

FROM ${NODE_DEV_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The optional package is the embedded PostgreSQL, which no image needs.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE} AS unbundled
ENV NODE_ENV=production HEALTH_HOST=0.0.0.0
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json ./
COPY src ./src
USER 1000:1000
EXPOSE 3000
CMD ["node", "src/main.ts"]

FROM ${ORDINARY_IMAGE} AS ordinary
ENV NODE_ENV=production HEALTH_HOST=0.0.0.0
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
COPY src ./src
USER 1000:1000
EXPOSE 3000
CMD ["node", "src/main.ts"]
