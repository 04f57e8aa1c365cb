# Build: compile with everything, then keep what runs.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/bundle-packages.mjs ./scripts/
COPY src ./src
RUN npm run build && chmod 755 dist/cli.js && npm prune --omit=dev

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# So that `kubectl exec deploy/tor-bgp-bot -- tor-bgp-bot doctor` finds it.
RUN ln -s /app/dist/cli.js /usr/local/bin/tor-bgp-bot
# Any other user will do, as OpenShift gives each namespace its own: everything can be read, and nothing is written.
USER 1000:1000
EXPOSE 3000 9090
# The process is PID 1 and handles SIGTERM itself: it drains before it exits.
ENTRYPOINT ["node", "/app/dist/cli.js"]
CMD ["serve"]
