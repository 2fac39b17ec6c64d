# One binary, built from this tree and run by an account that owns nothing but its data.
#
#   docker build -t chancery .
#   docker run -p 8080:8080 -v chancery-data:/var/lib/chancery --env-file secrets.env chancery

FROM rust:1.95-bookworm AS builder
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY assets assets
COPY benches benches
COPY config config
COPY crates crates
COPY locales locales
COPY migrations migrations
COPY src src
COPY templates templates
COPY workflows workflows
COPY xtask xtask
RUN cargo build --release --locked --bin chancery

FROM debian:bookworm-slim
# The certificate authorities by which storage servers are known; those of mail are in the program.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/chancery --create-home chancery
COPY --from=builder /build/target/release/chancery /usr/local/bin/chancery
COPY workflows /usr/share/chancery/workflows
USER chancery
WORKDIR /var/lib/chancery
VOLUME /var/lib/chancery
ENV CHANCERY__SERVER__LISTEN=0.0.0.0:8080 \
    CHANCERY__WORKFLOWS__DIRECTORY=/usr/share/chancery/workflows \
    CHANCERY__LOG__FORMAT=json
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["chancery", "probe", "http://127.0.0.1:8080/readyz"]
CMD ["chancery", "serve"]
