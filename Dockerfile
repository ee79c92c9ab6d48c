# syntax=docker/dockerfile:1
# docker build -t inkwire . && docker run -p 8787:8787 -v inkwire:/data -e INKWIRE_SECRET=… --read-only --tmpfs /tmp inkwire
# A container without DATABASE_URL keeps its own Postgres in the volume /data.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY . .
# Then only what runs is left of the packages.
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="Inkwire" \
      org.opencontainers.image.description="The collaborative document backend a team hosts itself" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8787 INKWIRE_DATA_DIR=/data
WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/launch/*.mjs ./launch/
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
RUN mkdir /data && chown node:node /data && ln -s /app/launch/inkwire.mjs /usr/local/bin/inkwire
USER node
VOLUME /data
EXPOSE 8787
# Alive is not ready: who asks Postgres too is a balancer, by /readyz.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# "inkwire backup", "migrate", "token" and the rest: docker run … inkwire token --sub ada
ENTRYPOINT ["inkwire"]
CMD ["serve"]
