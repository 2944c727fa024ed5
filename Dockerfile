# The image has the exporter, with the time zones in it, and the CA certificates.
# scripts/image lays out its root and hands it over as the context:
#
#   make image
ARG OS="linux"
ARG ARCH="amd64"
FROM scratch
ARG OS
ARG ARCH
ARG VERSION="unknown"
ARG REVISION="unknown"
ARG DATE="unknown"
LABEL org.opencontainers.image.title="progress_exporter" \
      org.opencontainers.image.description="Prometheus exporter for long-running jobs that can only be seen through a REST progress API" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${DATE}"

COPY ${OS}-${ARCH}/ /

# nobody, by number: Kubernetes' runAsNonRoot wants one.
USER 65534:65534
EXPOSE 10091
VOLUME ["/var/lib/progress_exporter"]
ENTRYPOINT ["/bin/progress_exporter"]
CMD ["--config.file=/etc/progress_exporter/targets.yml", "--memory.file=/var/lib/progress_exporter/memory.json"]
