# midstance's web app: docker build -t midstance . && docker run -p 127.0.0.1:8000:8000 -v midstance:/data midstance
# It prints an address with the token that it asks for: open it with 127.0.0.1 in place of 0.0.0.0.
# Runs as a user without rights; clips and results lie in /data.
FROM python:3.12-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN python -m pip install --no-cache-dir "hatchling>=1.27" \
 && python -m hatchling build -t wheel -d /wheel

FROM python:3.12-slim-bookworm
# What MediaPipe and OpenCV link against, as in tools/system_packages.sh; the base image decides their versions. The names are
# those of Debian 12, which is why the base is named: Debian 13 calls the last libglib2.0-0t64.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends libegl1 libgles2 libgl1 libglib2.0-0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 midstance \
 && install -d -o midstance /data
# Versions of the lock file. Its hashes are left out: pip would ask for one of the wheel that was just built.
COPY requirements/lock.txt /tmp/lock.txt
COPY --from=build /wheel /tmp/wheel
RUN sed -E '/^ *--hash/d; s/ *\\$//' /tmp/lock.txt > /tmp/constraints.txt \
 && python -m pip install --no-cache-dir --constraint /tmp/constraints.txt "$(ls /tmp/wheel/*.whl)[web]"
# The pose model is built once, here: a running container needs no internet.
ENV MIDSTANCE_MODEL_DIR=/opt/midstance
RUN midstance models get heavy && chmod -R a+rX /opt/midstance
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["midstance"]
CMD ["serve", "--host", "0.0.0.0", "--token", "new", "--data", "/data"]
