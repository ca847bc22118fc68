# Controller, standby, rescue and worker. BASE is any Debian 12; the one that `make docker-base` makes brings
# everything, so that nothing is downloaded here.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
RUN command -v python3 >/dev/null && python3 -c 'import ensurepip' \
    || { apt-get update && apt-get install -y --no-install-recommends python3 python3-venv tzdata \
    && rm -rf /var/lib/apt/lists/*; }
COPY requirements.txt /opt/madoguchi/requirements.txt
RUN cmp -s /opt/madoguchi/requirements.txt /opt/madoguchi/installed.txt \
    || { python3 -m venv /opt/madoguchi/venv \
    && /opt/madoguchi/venv/bin/pip install --no-cache-dir --require-hashes -r /opt/madoguchi/requirements.txt; }
ENV PATH=/opt/madoguchi/venv/bin:$PATH PYTHONPATH=/opt/madoguchi/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /opt/madoguchi/app
COPY . .
RUN python deploy/docker/metadata.py pyproject.toml . && python -m compileall -q .
RUN groupadd -g 70001 madoguchi && useradd -M -u 70001 -g 70001 -d /tmp -s /usr/sbin/nologin madoguchi
USER 70001:70001
ENTRYPOINT ["sh", "/opt/madoguchi/app/madoguchi/containers/entry.sh"]
