# One image recipe for all services: docker build --build-arg SERVICE=router -t mosaic-router .
# SERVICE is the folder below services/; `launcher` gives the image of the one-shot jobs.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /mosaic
COPY package.json package-lock.json .npmrc ./
COPY proto/package.json proto/
COPY packages/service-kit/package.json packages/service-kit/
COPY packages/test-kit/package.json packages/test-kit/
COPY packages/embedded-servers/package.json packages/embedded-servers/
COPY packages/word-vectors/package.json packages/word-vectors/
COPY services/gateway/package.json services/gateway/
COPY services/router/package.json services/router/
COPY services/agents/package.json services/agents/
COPY services/providers/package.json services/providers/
COPY services/memory/package.json services/memory/
COPY services/jobs/package.json services/jobs/
COPY clients/tui/package.json clients/tui/
COPY clients/web/package.json clients/web/
COPY bridges/echo/package.json bridges/echo/
COPY deploy/local/package.json deploy/local/

# The page is built once, with the development dependencies that the services do not need.
FROM dependencies AS page
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY proto proto
COPY clients/web clients/web
RUN npx vite build clients/web

# The image brings its own Node 24, so the optional package with another one is left out.
FROM dependencies AS production
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
ARG SERVICE
# Agents' shell (MOSAIC_SHELL=1) runs under it; whether the host lets it work, `mosaic doctor` says there.
RUN if [ "$SERVICE" = agents ]; then \
    apt-get update && apt-get install -y --no-install-recommends bubblewrap && rm -rf /var/lib/apt/lists/*; \
  fi
WORKDIR /mosaic
ENV NODE_ENV=production MOSAIC_HEALTH_PORT=9090 MOSAIC_HEALTH_HOST=0.0.0.0
COPY --from=production /mosaic/node_modules node_modules
COPY --from=production /mosaic/services services
COPY package.json LICENSE ./
COPY proto proto
COPY packages packages
COPY services services
COPY deploy/local deploy/local
COPY --from=page /mosaic/clients/web/dist clients/web/dist
RUN test -n "$SERVICE" \
  && if [ "$SERVICE" = launcher ]; then main=deploy/local/src/main.ts; else main=services/$SERVICE/src/main.ts; fi \
  && test -f "$main" && ln -s "/mosaic/$main" main.ts
USER node
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9090/readyz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "main.ts"]
