# Asterisk from Debian sid: the only release that carries one without known holes (docs/adr/0003).
ARG BASE=debian:sid-slim
FROM ${BASE}
RUN command -v asterisk >/dev/null \
    || { apt-get update && apt-get install -y --no-install-recommends asterisk && rm -rf /var/lib/apt/lists/*; }
RUN mkdir -p /madoguchi
RUN groupadd -g 70001 madoguchi && useradd -M -u 70001 -g 70001 -d /tmp -s /usr/sbin/nologin madoguchi
USER 70001:70001
CMD ["asterisk", "-f"]
