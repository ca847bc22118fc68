# The database server of Debian 12. BASE as for the centre's image.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
RUN ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 \
    || { apt-get update && apt-get install -y --no-install-recommends postgresql && rm -rf /var/lib/apt/lists/*; }
RUN ln -s /usr/lib/postgresql/*/bin /usr/local/pgsql
ENV PATH=/usr/local/pgsql:$PATH LANG=C.UTF-8
RUN groupadd -g 70002 madoguchi && useradd -M -u 70002 -g 70002 -d /tmp -s /usr/sbin/nologin madoguchi
USER 70002:70002
CMD ["postgres"]
