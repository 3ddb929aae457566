# The office, the public site and their worker in one container. All that lasts lies in the volume /data.

FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements/run.txt requirements/
RUN python -m venv /opt/laureat \
    && /opt/laureat/bin/pip install --no-cache-dir --require-hashes --requirement requirements/run.txt
COPY requirements/node.txt requirements/
COPY themes/package.json themes/package-lock.json themes/.npmrc themes/
# Node.js only makes the program of the detailed map; it stays behind in this stage.
RUN python -m venv /opt/node \
    && /opt/node/bin/pip install --no-cache-dir --require-hashes --requirement requirements/node.txt \
    && cd themes && PATH=/opt/node/bin:$PATH npm ci --loglevel=error --no-progress
COPY . .
RUN cd themes && PATH=/opt/node/bin:$PATH npm run --silent bundle
RUN /opt/laureat/bin/pybabel -q compile --domain laureat --directory themes/default/messages \
    && /opt/laureat/bin/pip install --no-cache-dir --no-build-isolation --no-deps .

FROM python:3.11-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git openssh-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10001 laureat \
    && install --directory --owner=laureat --group=laureat /data
COPY --from=build /opt/laureat /opt/laureat
ENV PATH=/opt/laureat/bin:$PATH PYTHONUNBUFFERED=1 LAUREAT_VAR=/data
USER laureat
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "import os, urllib.request as u; u.urlopen('http://127.0.0.1:8000/' + os.environ.get('LAUREAT_BASE_PATH', 'gestion').strip('/') + '/sante', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["laureat", "serve", "--host", "0.0.0.0", "--port", "8000"]
